import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'queue-metrics',
  level: 3,
  answers: 'How many messages wait, for how long, and is anything taking them?',
  needs: ['application-insights', 'custom-events'],
} satisfies ModuleManifest;
