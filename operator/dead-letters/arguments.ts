import { CommandRefused } from '../command-refused.ts';
import { readOptions } from '../read-options.ts';
import type { Filter } from './selection.ts';

const actions = ['list', 'groups', 'show', 'replay', 'purge'] as const;

/** The actions that take messages out of the dead-letter queue. The other actions only read. */
export type Change = 'replay' | 'purge';

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = {
  ...{ source: text, id: text, reason: text, fingerprint: text, correlation: text, since: text, until: text },
  ...{ parked: flag, json: flag, yes: flag, max: text, rate: text, actor: text, run: text, namespace: text },
};

/** The options of a change. Other actions refuse them, because they would have no effect there. */
const ofChanges = ['yes', 'max', 'rate', 'actor'] as const;

export type Arguments = ReturnType<typeof readArguments>;

/** Reads and checks the command line. Throws `CommandRefused` with a sentence that says what to do. */
export function readArguments(argv: readonly string[]) {
  const { values, positionals } = readOptions(argv, { options, allowPositionals: true });
  const [name, id, ...rest] = positionals;
  const action = actions.find((known) => known === name);
  if (action === undefined) throw new CommandRefused(`Say what to do: ${actions.join(', ')}. Add --help for more.`);
  if (rest.length > 0 || (id === undefined) === (action === 'show')) {
    const show = 'Name one id: show <id>; "list" shows the ids.';
    throw new CommandRefused(action === 'show' ? show : `"${action}" takes options only; for one message: --id <id>.`);
  }
  const misplaced = ofChanges.find((option) => values[option] !== undefined && values[option] !== false);
  if (misplaced && action !== 'replay' && action !== 'purge') {
    throw new CommandRefused(`--${misplaced} belongs to replay and purge, not to ${action}.`);
  }
  const { json, yes, source, run, namespace, actor, reason, fingerprint, correlation } = values;
  const filter: Filter = {
    ...{ reason, fingerprint, correlation, id: id ?? values.id, parked: values.parked || action === 'show' },
    ...{ since: time('since', values.since), until: time('until', values.until) },
  };
  return {
    ...{ action, json, yes, source, run, namespace, actor },
    filter,
    max: positive('max', values.max) ?? Number.POSITIVE_INFINITY,
    perSecond: positive('rate', values.rate),
  };
}

function positive(name: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const count = Number(given);
  if (/^\d+$/.test(given) && count > 0) return count;
  throw new CommandRefused(`--${name} is a whole number above 0.`);
}

/** A day without a time means the beginning of that day in UTC. */
function time(name: string, given: string | undefined): Date | undefined {
  if (given === undefined) return undefined;
  const at = new Date(given);
  if (/^\d{4}-\d\d-\d\d/.test(given) && !Number.isNaN(at.getTime())) return at;
  throw new CommandRefused(`--${name} is a time in ISO 8601, such as 2026-03-01 or 2026-03-01T08:00:00Z.`);
}
