import { printable, type Terminal } from '../terminal.ts';
import { type Selection, select } from './browse.ts';
import type { DeadLetter } from './dead-letter.ts';

const columns = [24, 12, 24, 8, 7] as const;

const row = (...cells: readonly string[]) =>
  cells
    .map((cell, index) => printable(cell).padEnd(columns[index] ?? 0))
    .join('  ')
    .trimEnd();

/** One line a dead letter, as they come: the list may be longer than the memory. */
export async function list(selection: Selection, terminal: Terminal, { json }: { json: boolean }): Promise<void> {
  let listed = 0;
  let parked = 0;
  for await (const dead of select(selection, () => {
    parked += 1;
  })) {
    if (!json && listed === 0) {
      await terminal.print(row('DEAD-LETTERED', 'SOURCE', 'REASON', 'ATTEMPTS', 'REPLAYS', 'ID'));
    }
    listed += 1;
    await terminal.print(json ? JSON.stringify(dead.facts) : rowOf(dead));
    if (listed % 100 === 0) terminal.count(`${listed} listed`);
  }
  terminal.count('');
  terminal.tell(`${listed} dead ${listed === 1 ? 'letter' : 'letters'}.${parkedNote(parked)}`);
}

function rowOf({ facts, source }: DeadLetter): string {
  const { deadLetteredAt, reason, attempts, replays, parked, id } = facts;
  const counts = [String(attempts), `${replays}${parked ? ' parked' : ''}`];
  return row(deadLetteredAt ?? '-', source.name, reason ?? '-', ...counts, id);
}

export const parkedNote = (parked: number): string =>
  parked === 0 ? '' : ` ${parked} parked ${parked === 1 ? 'one is' : 'ones are'} left out: add --parked.`;
