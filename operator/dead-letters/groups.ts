import { counted, type Terminal } from '../terminal.ts';
import type { DeadLetter } from './dead-letter.ts';
import { parkedNote, type Selection, select } from './selection.ts';

/** Dead letters with the same reason and the same error fingerprint. */
interface DeadLetterGroup extends Pick<DeadLetter['facts'], 'reason' | 'fingerprint'> {
  count: number;
  first: string | null;
  last: string | null;
  /** The original id of one of them, for `show`. */
  example: string;
}

/** Prints the groups of dead letters, the largest first: a thousand dead letters often come from a few faults. */
export async function groups(selection: Selection, terminal: Terminal, { json }: { json: boolean }): Promise<void> {
  const found = new Map<string, DeadLetterGroup>();
  let seen = 0;
  for await (const { facts } of select(selection)) {
    const { reason, fingerprint, deadLetteredAt: at, id } = facts;
    const key = JSON.stringify([reason, fingerprint]);
    const group = found.get(key) ?? { reason, fingerprint, count: 0, first: at, last: at, example: id };
    group.count += 1;
    if (at !== null && (group.first === null || at < group.first)) group.first = at;
    if (at !== null && (group.last === null || at > group.last)) group.last = at;
    found.set(key, group);
    seen += 1;
    if (seen % 100 === 0) terminal.count(`${seen} read`);
  }
  terminal.count('');
  for (const group of [...found.values()].sort((one, other) => other.count - one.count)) {
    await terminal.print(json ? JSON.stringify(group) : textOf(group));
  }
  terminal.tell(`${counted(seen, 'dead letter')} in ${counted(found.size, 'group')}.${parkedNote(selection)}`);
}

function textOf({ reason, fingerprint, count, first, last, example }: DeadLetterGroup): string {
  const name = `${reason ?? 'no reason'}${fingerprint === null ? '' : ` (${fingerprint})`}`;
  return `${String(count).padStart(7)}  ${name}  ${first ?? '-'} to ${last ?? '-'}  such as ${example}`;
}
