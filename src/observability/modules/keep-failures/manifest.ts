import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'keep-failures',
  level: 3,
  answers: 'What exactly went wrong, when only a share of the traces is paid for?',
  needs: ['application-insights'],
} satisfies ModuleManifest;
