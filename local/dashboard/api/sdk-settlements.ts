import type { StoryItem } from './transaction-items.ts';

/** A handling whose row does not say how it ended: at level 1 the SDK tells it by a call of its own. */
export const untold = 'untold';
/** What Azure's SDK calls its settlements, and what we call them. */
const settlements: Readonly<Record<string, string>> = {
  complete: 'complete',
  abandon: 'abandon',
  defer: 'later',
  deadletter: 'dead-letter',
};

const settlementIn = ({ table, name }: StoryItem): string | undefined => {
  const [, verb = ''] = (table === 'AppDependencies' && /^ServiceBusReceiver\.(\w+)$/i.exec(name)) || [];
  return settlements[verb.toLowerCase()];
};

/** How often a queue gives a message out before the broker moves it to the dead letters. */
export type MostDeliveries = (queue: string) => number;

/**
 * Completes handlings whose rows say nothing of their end: the SDK's span of a settlement is linked to the same sending, and lies
 * between a handling and the next. One that is abandoned for the last time is dead-lettered by the broker, which no row tells.
 */
export function tellSettlements(items: readonly StoryItem[], mostDeliveries: MostDeliveries): void {
  const handlings = items.filter(({ settlement }) => settlement === untold);
  const settled = items.filter((item) => settlementIn(item) !== undefined);
  for (const sending of new Set(handlings.map(({ parent }) => parent))) {
    const ofIt = handlings.filter(({ parent }) => parent === sending).sort((a, b) => a.startMs - b.startMs);
    for (const [at, handling] of ofIt.entries()) {
      const next = ofIt[at + 1]?.startMs ?? Number.POSITIVE_INFINITY;
      const end = settled.find(
        ({ parent, startMs }) => parent === sending && startMs >= handling.startMs && startMs <= next,
      );
      const isLast = at + 1 >= mostDeliveries(handling.properties['messaging.source.name'] ?? '');
      const told = end && settlementIn(end);
      handling.settlement = told === 'abandon' && isLast ? 'dead-letter' : (told ?? 'open');
      handling.ok &&= told === 'complete' || told === undefined;
      handling.attempt ??= at + 1;
      const before = ofIt[at - 1];
      if (before) handling.givenBackMs = before.settledMs ?? before.endMs;
      if (end) handling.settledMs = end.endMs;
    }
  }
}
