import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'custom-events',
  level: 3,
  answers: 'What is the business doing?',
  needs: ['application-insights', 'structured-logs'],
} satisfies ModuleManifest;
