import type { ModuleManifest } from '../../module.ts';

/** Lives in `infra/observability/basic-alerts` alone. */
export const manifest = {
  name: 'basic-alerts',
  level: 1,
  answers: 'Is the operator told when requests fail, messages are dead-lettered or the service restarts?',
  needs: ['application-insights'],
} satisfies ModuleManifest;
