import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'cost-meter',
  level: 3,
  answers: 'How much telemetry does this replica send, to which tables, and what will it cost?',
  needs: ['application-insights'],
} satisfies ModuleManifest;
