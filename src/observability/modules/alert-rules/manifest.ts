import type { ModuleManifest } from '../../module.ts';

/** Lives in `infra/observability/alert-rules` alone. */
export const manifest = {
  name: 'alert-rules',
  level: 4,
  answers: 'Who must wake up, why, and what do they do first?',
  needs: ['application-insights'],
} satisfies ModuleManifest;
