import { z } from 'zod';
import { type Config, loadConfig } from '../../src/config/load-config.ts';
import type { ModuleManifest } from '../../src/config/manifest.ts';
import { levels } from '../../src/observability/levels.ts';

type LoadOptions = Parameters<typeof loadConfig>[0];

/** Modules of a made-up ladder: one with a section, one that needs another, one that is opt-in. */
export const manifests: readonly ModuleManifest[] = [
  {
    name: 'traces',
    level: 1,
    answers: 'What happened?',
    needs: [],
    section: {
      key: 'sampling',
      schema: z
        .object({ percent: z.literal([1, 5, 50, 100]).default(100).describe('Share of traces that is kept.') })
        .describe('Sampling of traces.'),
    },
  },
  { name: 'probes', level: 1, answers: 'Is it up?', needs: [] },
  { name: 'events', level: 3, answers: 'What is the business doing?', needs: ['traces'] },
  { name: 'classic', level: 'opt-in', answers: 'Does old code still run?', needs: ['traces'] },
];

/** Loads a configuration from an object or a text, with nothing in the environment but `env`. */
export function load(file: unknown, env: LoadOptions['env'] = {}, options: Partial<LoadOptions> = {}): Config {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  return loadConfig({ env, file: { text }, manifests, levels, businesses: [], needsServiceBus: false, ...options });
}

/** The lines of the error that such a configuration stops the start with. */
export function faultsOf(...given: Parameters<typeof load>): string[] {
  try {
    load(...given);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigError') throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}
