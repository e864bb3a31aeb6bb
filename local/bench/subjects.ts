import { join } from 'node:path';

export interface Subject {
  name: string;
  /** What follows `node`. */
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** The subject whose cost is this one's floor: `added` is what it costs on top. */
  baseline?: string;
  /** The subject that is added's measure, and the budget of DESIGN section 9: the most that the ratio may be. */
  comparedWith?: { name: string; budget: number };
}

const server = (file: string) => join(import.meta.dirname, 'servers', file);
const preload = join(import.meta.dirname, '../../src/preload.ts');
/** The business of the tests: what is measured has a route of its own. */
const fixture = join(import.meta.dirname, '../../test/fixture-business/preload.ts');
const floor = 'Express with the same middleware';

const express = [server('express.ts')];
const distro = ['--import', server('distro.ts'), ...express];
const starter = ['--import', fixture, '--import', preload, server('starter.ts')];
const starterWith = (config: object) => ({
  // What the preload checks; nothing is sent there.
  PARCELS_DEPOT_URL: 'http://127.0.0.1:9',
  SERVICEBUS_CONNECTION_STRING: 'Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=none;SharedAccessKey=none',
  OBSERVABILITY_CONFIG: JSON.stringify(config),
});
const starterAt = (percent: number) => starterWith({ level: 1, sampling: { percent } });

/** The starter with this `observability.json`. */
export const starterSubject = (config: object): Omit<Subject, 'name'> => ({ args: starter, env: starterWith(config) });

/** The peers and this starter, from nothing observed to everything. */
export const subjects: readonly Subject[] = [
  { name: 'Express alone', args: express, env: {} },
  { name: floor, args: express, env: { PROTECTED: '1' } },
  { name: 'distro, its defaults', args: distro, env: { PROTECTED: '1' }, baseline: floor },
  {
    name: 'level 1, sampling of the distro',
    args: starter,
    env: { ...starterAt(100), OTEL_TRACES_SAMPLER: 'microsoft.rate_limited', OTEL_TRACES_SAMPLER_ARG: '5' },
    baseline: floor,
    comparedWith: { name: 'distro, its defaults', budget: 0.4 },
  },
  { name: 'distro, 100 %', args: distro, env: { PROTECTED: '1', SAMPLING: '100' }, baseline: floor },
  {
    name: 'level 1, 100 %',
    args: starter,
    env: starterAt(100),
    baseline: floor,
    comparedWith: { name: 'distro, 100 %', budget: 0.6 },
  },
];
