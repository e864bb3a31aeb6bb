import { untilAborted } from '../deadline.ts';
import { Stopping, TransientError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { attemptOf, originalIdOf } from '../message-properties.ts';
import type { CallMiddleware, Delivery, ReceiveMiddleware, Settlement } from '../messaging.ts';
import { runThrough } from '../run-through.ts';
import { joinSections } from './amqp-values.ts';
import type { Assignment } from './assignments.ts';
import type { Arrival } from './pull-loop.ts';
import { type Settle, SettlementFailed } from './settle.ts';

interface HandlingOptions {
  assignment: Assignment;
  consumer: Delivery['consumer'];
  around: readonly ReceiveMiddleware[];
  receive: readonly ReceiveMiddleware[];
  call: CallMiddleware;
  settle: Settle;
  handlerTimeoutMs: number;
  log: Logger;
}

export interface Handling {
  /** Runs the handler and settles the message. Never throws. */
  handle(arrival: Arrival): Promise<void>;
  /** Abandons a message without handling it. Never throws. */
  refuse(arrival: Arrival): Promise<void>;
  /** Aborts the signals of all running handlers. Their messages are abandoned. */
  giveUp(): void;
}

/**
 * `around` wraps the handler and the settlement, `receive` decides on the settlement, the handler is innermost. If no
 * middleware of `receive` decides, an error of the handler abandons the message.
 */
export function createHandling(options: HandlingOptions): Handling {
  const { assignment, consumer, around, settle, handlerTimeoutMs, log } = options;
  const { source, business } = assignment;
  const running = new Set<AbortController>();

  const abandon = (delivery: Delivery, { receiver }: Arrival) =>
    settle({ delivery, receiver, business, settlement: { kind: 'abandon' } }).catch(() => {}); // `settle` has logged it

  return {
    refuse: (arrival) => abandon({ ...arrival, source, consumer, signal: AbortSignal.abort() }, arrival),
    async handle(arrival) {
      const { message, receiver } = arrival;
      message.body = joinSections(message);
      const controller = new AbortController();
      const delivery: Delivery = { message, source, consumer, signal: controller.signal };
      const tooLong = () =>
        controller.abort(new TransientError(`The handler did not end within ${handlerTimeoutMs} ms.`));
      const timer = setTimeout(tooLong, handlerTimeoutMs);
      let decided = false;
      running.add(controller);
      try {
        await runThrough(around, delivery, async () => {
          const settlement = await decide(options, delivery);
          clearTimeout(timer);
          decided = true;
          await settle({ delivery, receiver, business, settlement });
          return settlement;
        });
      } catch (error) {
        if (error instanceof SettlementFailed) return;
        log.error('message middleware failed', { ...facts(delivery), error });
        if (!decided) await abandon(delivery, arrival);
      } finally {
        clearTimeout(timer);
        running.delete(controller);
      }
    },
    giveUp() {
      for (const controller of running) controller.abort(new Stopping('The service is stopping.'));
    },
  };
}

/** Runs the handler and returns the settlement. Never throws. */
async function decide({ assignment, receive, call, log }: HandlingOptions, delivery: Delivery): Promise<Settlement> {
  const { handler, settings } = assignment;
  const { message, signal } = delivery;
  const runHandler = async (): Promise<Settlement> => {
    const attempt = attemptOf(message);
    await untilAborted(signal, () => handler(message, { log, signal, attempt, call, settings }));
    return { kind: 'complete' };
  };
  const settlement = await runThrough(receive, delivery, runHandler).catch((error: unknown): Settlement => {
    if (!(error instanceof Stopping)) log.error('message handler failed', { ...facts(delivery), error });
    return { kind: 'abandon' };
  });
  const givenUp = signal.reason instanceof Stopping && settlement.kind !== 'complete';
  if (!givenUp) return settlement;
  log.warning('message abandoned, the service is stopping', facts(delivery));
  return { kind: 'abandon' };
}

const facts = ({ message, source }: Delivery) => ({
  source: source.name,
  messageId: originalIdOf(message),
  attempt: attemptOf(message),
});
