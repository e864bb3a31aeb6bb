import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'classic-client',
  level: 'opt-in',
  answers: 'Does code that calls the package applicationinsights still tell what it told?',
  needs: ['application-insights'],
} satisfies ModuleManifest;
