import { z } from 'zod';
import type { Environment } from '../../src/config/environment.ts';
import { type Config, loadConfig } from '../../src/config/load-config.ts';
import type { ModuleManifest } from '../../src/config/manifest.ts';
import { text } from '../../src/config/sections.ts';
import { levels } from '../../src/observability/levels.ts';

type LoadOptions = Parameters<typeof loadConfig>[0];

const wholeNumber = (from: number, value: number) => z.int().min(from).default(value).describe('A number.');
const retrySection = z
  .strictObject({
    attempts: wholeNumber(1, 5),
    firstDelaySeconds: wholeNumber(1, 5),
    factor: wholeNumber(1, 3),
    capSeconds: wholeNumber(1, 900),
    maxReplays: wholeNumber(0, 1),
  })
  .describe('Retries of a made-up module.');

const headerSection = z
  .strictObject({
    header: text(
      (error) => z.string().regex(/^[\w-]+$/, error),
      'the name of a header',
      'A header.',
      'x-correlation-id',
    ),
  })
  .describe('A header of a made-up module.');

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
  {
    name: 'probes',
    level: 1,
    answers: 'Is it up?',
    needs: [],
    section: { key: 'correlation', schema: headerSection },
  },
  {
    name: 'events',
    level: 3,
    answers: 'What is the business doing?',
    needs: ['traces'],
    section: { key: 'retry', schema: retrySection },
  },
  { name: 'classic', level: 'opt-in', answers: 'Does old code still run?', needs: ['traces'] },
  { name: 'bearer-tokens', level: 'opt-in', answers: 'Who calls?', needs: [] },
];

/** Switches on the module that checks tokens. */
export const checkingTokens = { modules: { add: ['bearer-tokens'] } };

/** Loads a configuration from an object or a text, with nothing in the environment but `env`. */
export function load(file: unknown, env: Environment = {}, options: Partial<LoadOptions> = {}): Config {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  return loadConfig({ env, file: { name: 'observability.json', text }, manifests, levels, ...options });
}

/** The lines of the error that such a configuration stops the start with. */
export const faultsOf = (...given: Parameters<typeof load>): string[] => linesOf(() => load(...given));

/** The lines of the `ConfigError` that is thrown, without the first; none when nothing is thrown. */
export function linesOf(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigError') throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}
