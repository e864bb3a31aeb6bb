import type { Level } from '../../src/config/manifest.ts';
import { levels } from '../../src/observability/levels.ts';
import { CommandRefused } from '../command-refused.ts';
import { readOptions } from '../read-options.ts';
import { readName } from './business-name.ts';

/** What a business has. A topic comes with either of the others. */
export type Part = 'api' | 'worker' | 'topic';
export type Parts = ReadonlySet<Part>;

export type InitArguments = ReturnType<typeof readInitArguments>;

const flag = { type: 'boolean', default: false } as const;
const shared = { api: flag, worker: flag, topic: flag, force: flag, json: flag };

/**
 * Of `npm run init`. `level` is undefined where that of the file stays; `answers` is a file for `npm run assess`; `deleted` is what
 * `npm run delete` is told. Throws `CommandRefused`.
 */
export function readInitArguments(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values, positionals } = readOptions(argv, {
    options: {
      ...shared,
      'keep-sample': flag,
      level: text,
      answers: text,
      'up-to': text,
      without: { type: 'string', multiple: true, default: [] },
    },
    allowPositionals: true,
  });
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0)
    throw new CommandRefused('Say how your project is called: npm run init -- orders. Add --help for more.');
  const { level, answers, 'up-to': upTo, without, 'keep-sample': keepSample, ...flags } = values;
  const unknown = without.find((part) => part !== 'local' && part !== 'operator');
  if (unknown !== undefined) throw new CommandRefused(`--without takes local or operator, not "${unknown}".`);
  if (level !== undefined && answers !== undefined)
    throw new CommandRefused('--answers chooses the level: leave out --level, or --answers.');
  return {
    name: readName(name),
    parts: partsOf(flags),
    ...common(flags),
    keepSample,
    level: readLevel(level),
    answers,
    upTo: readLevel(upTo),
    deleted: [...(upTo === undefined ? [] : ['--up-to', upTo]), ...without],
  };
}

/** Of `npm run new`. Throws `CommandRefused`. */
export function readNewArguments(argv: readonly string[]) {
  const { values, positionals } = readOptions(argv, { options: shared, allowPositionals: true });
  const [what, name, ...rest] = positionals;
  if (what !== 'business' || name === undefined || rest.length > 0)
    throw new CommandRefused('Say what is new: npm run new -- business orders. Add --help for more.');
  return { name: readName(name), parts: partsOf(values), ...common(values), keepSample: true, deleted: [] };
}

function readLevel(given: string | undefined): Level | undefined {
  if (given === undefined) return undefined;
  if (!Object.hasOwn(levels, given))
    throw new CommandRefused(`"${given}" is no level: give ${Object.keys(levels).join(', ')}.`);
  return Number(given) as Level;
}

type Values = Partial<Record<string, boolean>>;

const common = ({ force = false, json = false }: Values) => ({ force, json });

function partsOf({ api, worker, topic }: Values): Parts {
  const both = !api && !worker;
  const given = { api: api || both, worker: worker || both, topic };
  return new Set((['api', 'worker', 'topic'] as const).filter((part) => given[part]));
}
