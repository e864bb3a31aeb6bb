import { counted, row, type Terminal } from '../terminal.ts';
import type { DeadLetter } from './dead-letter.ts';
import { parkedNote, type Selection, select } from './selection.ts';

const widths = [24, 12, 24, 8, 7] as const;

/** Prints one line for each dead letter as soon as it is read, because the whole list may not fit into memory. */
export async function list(selection: Selection, terminal: Terminal, { json }: { json: boolean }): Promise<void> {
  let listed = 0;
  for await (const dead of select(selection)) {
    if (!json && listed === 0) {
      await terminal.print(row(widths, ['DEAD-LETTERED', 'SOURCE', 'REASON', 'ATTEMPTS', 'REPLAYS', 'ID']));
    }
    listed += 1;
    await terminal.print(json ? JSON.stringify(dead.facts) : rowOf(dead));
    if (listed % 100 === 0) terminal.count(`${listed} listed`);
  }
  terminal.count('');
  terminal.tell(`${counted(listed, 'dead letter')}.${parkedNote(selection)}`);
}

function rowOf({ facts, source }: DeadLetter): string {
  const { deadLetteredAt, reason, attempts, replays, parked, id } = facts;
  const replayed = parked ? `${replays} parked` : replays;
  return row(widths, [deadLetteredAt ?? '-', source.name, reason ?? '-', attempts, replayed, id]);
}
