import type { MessageSource, Messaging, ReceivedMessage } from '../../../platform/messaging.ts';

/**
 * The reasons that the broker itself writes:
 * https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues
 */
const reasonsOfBroker = new Set([
  'HeaderSizeExceeded',
  'MaxDeliveryCountExceeded',
  'MaxTransferHopCountExceeded',
  'Session ID is null',
  'TTLExpiredException',
]);

/** What is known about the dead letters of a source: the highest sequence numbers, in their order. */
interface Known {
  numbers: bigint[];
  /** Until the end has been reached once. */
  learning: boolean;
}

/**
 * Makes the function that finds the dead letters that the broker has made since its last call, and calls `notice` with
 * each. The first call only learns what is there: nothing on a dead letter says when it became one. A message is not found
 * if more than `lookBack` dead letters have higher sequence numbers. Each call reads that many again, and the new ones.
 * Throws the error of the peek; the next call goes on from there.
 */
export function createDeadLetterSearch(
  peek: Messaging['peek'],
  notice: (source: MessageSource, message: ReceivedMessage) => void,
  lookBack = 50,
) {
  const sources = new Map<string, Known>();

  function take(source: MessageSource, known: Known, message: ReceivedMessage): void {
    const number = numberOf(message);
    if (known.numbers.includes(number)) return;
    if (!known.learning && reasonsOfBroker.has(message.deadLetterReason ?? '')) notice(source, message);
    known.numbers.push(number);
  }

  return async function search(source: MessageSource, signal: AbortSignal): Promise<void> {
    const known = sources.get(source.name) ?? { numbers: [], learning: true };
    sources.set(source.name, known);
    let from = (known.learning ? known.numbers.at(-1) : known.numbers[0]) ?? 0n;
    while (!signal.aborted) {
      const messages = await peek(source, lookBack, { from, subQueueType: 'deadLetter' });
      const last = messages.at(-1);
      // A page may be shorter than asked for although more follow.
      if (!last) {
        known.learning = false;
        return;
      }
      for (const message of messages) take(source, known, message);
      known.numbers = known.numbers.toSorted((a, b) => (a < b ? -1 : 1)).slice(-lookBack);
      from = numberOf(last) + 1n;
    }
  };
}

const numberOf = ({ sequenceNumber }: ReceivedMessage) => BigInt(String(sequenceNumber ?? 0));
