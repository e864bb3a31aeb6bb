import type { ServiceBusReceiver } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { createReceives } from '../../../src/platform/service-bus/pull-loop.ts';

/** A receive that waits until it is aborted or answered, and tells which of the two it was. */
function waitingReceiver() {
  const answer = Promise.withResolvers<never[]>();
  const seen: AbortSignal[] = [];
  const receiveMessages = (_count: number, { abortSignal }: { abortSignal: AbortSignal }) => {
    seen.push(abortSignal);
    abortSignal.addEventListener('abort', () => answer.reject(new Error('aborted')), { once: true });
    return answer.promise;
  };
  return { receiver: { receiveMessages } as unknown as ServiceBusReceiver, answer, seen };
}

test('an interruption ends a receive that waits, and leaves a link alone that opens', async () => {
  const receives = createReceives({ answerTimeoutMs: 60_000, stuck: () => {} });
  const [opening, waiting] = [waitingReceiver(), waitingReceiver()];
  const opened = receives.next(opening.receiver, 60_000, { interruptible: false });
  const waited = receives.next(waiting.receiver, 60_000, { interruptible: true });
  receives.interrupt();
  expect([opening.seen[0]?.aborted, waiting.seen[0]?.aborted]).toEqual([false, true]);
  opening.answer.resolve([]);
  expect([await opened, await waited]).toEqual([[], []]);
});
