import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'health-probes',
  level: 1,
  answers: 'Is this replica alive, and may it be given work?',
  needs: [],
} satisfies ModuleManifest;
