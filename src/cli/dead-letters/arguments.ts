import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';
import type { Filter } from './filter.ts';

export const actions = ['list', 'groups', 'show', 'replay', 'purge'] as const;
export type Action = (typeof actions)[number];

/** What somebody typed, checked. */
export interface Arguments {
  action: Action;
  /** Of `show`. */
  id: string;
  filter: Filter;
  parked: boolean;
  json: boolean;
  yes: boolean;
  inPlace: boolean;
  max: number;
  perSecond: number | undefined;
  actor: string | undefined;
  source: string | undefined;
  run: string | undefined;
  namespace: string | undefined;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = {
  ...{ source: text, id: text, reason: text, fingerprint: text, correlation: text, since: text, until: text },
  ...{ parked: flag, json: flag, yes: flag, 'in-place': flag, max: text, rate: text, actor: text },
  ...{ run: text, namespace: text },
};

/** Options that only some actions have: elsewhere they would be silently without effect. */
const changes: readonly Action[] = ['replay', 'purge'];
const only: Readonly<Record<string, readonly Action[]>> = {
  yes: changes,
  max: changes,
  rate: changes,
  actor: changes,
  'in-place': ['replay'],
};

/** Throws `UsageError`. */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  const [name, id, ...rest] = positionals;
  const action = actions.find((known) => known === name);
  if (action === undefined) throw new UsageError(`Say what to do: ${actions.join(', ')}. Add --help for more.`);
  if (rest.length > 0 || (id === undefined) === (action === 'show')) {
    throw new UsageError(
      action === 'show'
        ? 'Name one id: show <id>; "list" shows the ids.'
        : `"${action}" takes options only; for one message: --id <id>.`,
    );
  }
  for (const [option, allowed] of Object.entries(only)) {
    const given = values[option as keyof typeof values];
    if (given !== undefined && given !== false && !allowed.includes(action)) {
      throw new UsageError(`--${option} belongs to ${allowed.join(' and ')}, not to ${action}.`);
    }
  }
  const { json, yes, parked, source, run, namespace, actor, reason, fingerprint, correlation } = values;
  const filter = { reason, fingerprint, correlation, id: values.id, since: time('since', values.since) };
  return {
    ...{ action, id: id ?? '', json, yes, source, run, namespace, actor, inPlace: values['in-place'] },
    parked: parked || action === 'show',
    filter: { ...filter, until: time('until', values.until) },
    max: positive('max', values.max) ?? Number.POSITIVE_INFINITY,
    perSecond: positive('rate', values.rate),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ');
    throw new UsageError(`${sentence}. Add --help to see what is allowed.`, { cause: error });
  }
}

function positive(name: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const count = Number(given);
  if (/^\d+$/.test(given) && count > 0) return count;
  throw new UsageError(`--${name} is a whole number above 0.`);
}

/** With a day only, its beginning in UTC. */
function time(name: string, given: string | undefined): Date | undefined {
  if (given === undefined) return undefined;
  const at = new Date(given);
  if (/^\d{4}-\d\d-\d\d/.test(given) && !Number.isNaN(at.getTime())) return at;
  throw new UsageError(`--${name} is a time in ISO 8601, such as 2026-03-01 or 2026-03-01T08:00:00Z.`);
}
