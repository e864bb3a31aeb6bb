import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'bearer-tokens',
  level: 'opt-in',
  answers: 'Which application calls, and may it?',
  needs: [],
} satisfies ModuleManifest;
