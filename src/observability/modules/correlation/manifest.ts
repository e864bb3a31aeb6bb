import { correlationSection } from '../../../config/sections.ts';
import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'correlation',
  level: 2,
  answers: 'What happened to this file, from the request to its last delivery?',
  needs: ['application-insights'],
  section: { key: 'correlation', schema: correlationSection },
} satisfies ModuleManifest;
