import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'telemetry-spool',
  level: 2,
  answers: 'What was the service doing while its telemetry could not be delivered, or when it died?',
  needs: ['application-insights'],
} satisfies ModuleManifest;
