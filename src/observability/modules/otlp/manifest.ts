import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'otlp',
  level: 'opt-in',
  answers: 'How does telemetry get to another tool than Azure Monitor, beside it or instead of it?',
  needs: ['application-insights'],
} satisfies ModuleManifest;
