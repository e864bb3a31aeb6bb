import Long from 'long';
import type { MessageSource, ReceivedMessage } from '../../platform/messaging.ts';
import type { Bus } from './bus.ts';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';
import { type Filter, matches } from './filter.ts';

export interface Selection {
  bus: Bus;
  sources: readonly MessageSource[];
  filter: Filter;
  /** Whether parked ones are meant too. */
  parked: boolean;
}

/** A page's bodies are in memory together: 50 of the largest messages are 12 MB. */
const pageSize = 50;

/** All dead letters of a source, oldest first, a page at a time. Nothing is locked, so those in somebody's hands are there too. */
export async function* browse(bus: Bus, source: MessageSource): AsyncGenerator<ReceivedMessage> {
  const receiver = bus.openDeadLetters(source);
  try {
    let fromSequenceNumber = Long.ZERO; // without it the SDK goes on where the last peek ended
    for (;;) {
      const from = { fromSequenceNumber };
      const page = await bus.ask(source, () => receiver.peekMessages(pageSize, from));
      yield* page;
      const last = page.at(-1)?.sequenceNumber;
      if (last === undefined) return;
      fromSequenceNumber = last.add(1);
    }
  } finally {
    await receiver.close();
  }
}

/** Those that are meant, and `leftOut` for each that only its being parked keeps out. */
export async function* select(
  { bus, sources, filter, parked }: Selection,
  leftOut: (dead: DeadLetter) => void = () => {},
): AsyncGenerator<DeadLetter> {
  for (const source of sources) {
    for await (const message of browse(bus, source)) {
      const dead = readDeadLetter(source, message);
      if (!matches(filter, dead)) continue;
      if (parked || !dead.facts.parked) yield dead;
      else leftOut(dead);
    }
  }
}
