import { CommandRefused } from '../command-refused.ts';
import { readOptions } from '../read-options.ts';
import { type BusinessName, readName } from './business-name.ts';

/** What a business has. A topic comes with either of the others. */
export type Part = 'api' | 'worker' | 'topic';
export type Parts = ReadonlySet<Part>;

export interface InitArguments {
  name: BusinessName;
  parts: Parts;
  keepSample: boolean;
  force: boolean;
  json: boolean;
}

const flag = { type: 'boolean', default: false } as const;
const shared = { api: flag, worker: flag, topic: flag, force: flag, json: flag };

/** Of `npm run init`. Throws `CommandRefused`. */
export function readInitArguments(argv: readonly string[]): InitArguments {
  const { values, positionals } = readOptions(argv, {
    options: { ...shared, 'keep-sample': flag },
    allowPositionals: true,
  });
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0)
    throw new CommandRefused('Say how your project is called: npm run init -- orders. Add --help for more.');
  return {
    name: readName(name),
    parts: partsOf(values),
    ...common(values),
    keepSample: values['keep-sample'] === true,
  };
}

/** Of `npm run new`. Throws `CommandRefused`. */
export function readNewArguments(argv: readonly string[]): InitArguments {
  const { values, positionals } = readOptions(argv, { options: shared, allowPositionals: true });
  const [what, name, ...rest] = positionals;
  if (what !== 'business' || name === undefined || rest.length > 0)
    throw new CommandRefused('Say what is new: npm run new -- business orders. Add --help for more.');
  return { name: readName(name), parts: partsOf(values), ...common(values), keepSample: true };
}

type Values = Partial<Record<string, boolean>>;

const common = ({ force = false, json = false }: Values) => ({ force, json });

function partsOf({ api, worker, topic }: Values): Parts {
  const both = !api && !worker;
  const given = { api: api || both, worker: worker || both, topic };
  return new Set((['api', 'worker', 'topic'] as const).filter((part) => given[part]));
}
