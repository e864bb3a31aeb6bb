import type { ModuleManifest } from '../../module.ts';

/** Lives in `infra/observability/dashboards` alone. */
export const manifest = {
  name: 'dashboards',
  level: 3,
  answers: 'What is going on, in charts and tables that the whole team can open?',
  needs: ['application-insights'],
} satisfies ModuleManifest;
