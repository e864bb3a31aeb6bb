import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'heartbeat',
  level: 4,
  answers: 'Does every replica live, and does a worker take messages even when none come?',
  needs: ['application-insights', 'custom-events'],
} satisfies ModuleManifest;
