import type { ServiceBusReceiver } from '@azure/service-bus';
import { untilAborted, withDeadline } from '../deadline.ts';
import { MessageTooLarge, Stopping, TransientError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { attemptOf, bodyOf, isCanary, originalIdOf } from '../message-properties.ts';
import {
  type CallMiddleware,
  copyQueueOf,
  type Delivery,
  type ReceiveMiddleware,
  type Send,
  type Settlement,
} from '../messaging.ts';
import { runThrough } from '../run-through.ts';
import type { Assignment } from './assignments.ts';
import { sendFrom } from './handler-send.ts';
import { brokerError, persist, type Tried } from './persist.ts';
import type { Arrival } from './pull-loop.ts';
import type { Sender } from './sender.ts';

export interface HandlingOptions {
  assignment: Assignment;
  consumer: Delivery['consumer'];
  around: readonly ReceiveMiddleware[];
  receive: readonly ReceiveMiddleware[];
  calls: readonly CallMiddleware[];
  send: Send;
  sendCopy: Sender['sendCopy'];
  handlerTimeoutMs: number;
  answerTimeoutMs: number;
  log: Logger;
}

/** Thrown for the `around` middlewares, and already logged. The broker delivers the message again when its lock ends. */
class SettlementFailed extends Error {
  override name = 'SettlementFailed';
}

/**
 * `around` wraps the handler and the settlement, `receive` decides on the settlement, the handler is innermost. If no
 * middleware of `receive` decides, an error of the handler abandons the message.
 */
export function createHandling(options: HandlingOptions) {
  const { assignment, consumer, around, handlerTimeoutMs, log } = options;
  const { source, handles } = assignment;
  const settle = createSettle(options);
  const running = new Set<AbortController>();

  const abandon = (delivery: Delivery, receiver: ServiceBusReceiver) =>
    settle(delivery, receiver, { kind: 'abandon' }).then(
      () => {},
      () => {}, // `settle` has logged it
    );

  return {
    /** Abandons a message without handling it. Never throws. */
    refuse: ({ message, receiver }: Arrival) =>
      abandon({ message, source, handles, consumer, signal: AbortSignal.abort() }, receiver),
    /** Runs the handler and settles the message; a canary is only completed. Never throws. */
    async handle({ message, receiver }: Arrival): Promise<void> {
      message.body = bodyOf(message);
      if (isCanary(message, source)) {
        const failed = (error: unknown) => log.warning('canary not completed', { source: source.name, error });
        await confirm(receiver, message, { kind: 'complete' }, options.answerTimeoutMs).catch(failed);
        return consumer.probe(); // a paused consumer let it through in the place of an ordinary message
      }
      const controller = new AbortController();
      const delivery: Delivery = { message, source, handles, consumer, signal: controller.signal };
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
          return await settle(delivery, receiver, settlement);
        });
      } catch (error) {
        if (error instanceof SettlementFailed) return;
        log.error('message middleware failed', { ...facts(delivery), error });
        if (!decided) await abandon(delivery, receiver);
      } finally {
        clearTimeout(timer);
        running.delete(controller);
      }
    },
    /** Aborts the signals of all running handlers. Their messages are abandoned. */
    giveUp() {
      for (const controller of running) controller.abort(new Stopping('The service is stopping.'));
    },
  };
}

/** Runs the handler and returns the settlement. Never throws. */
async function decide(options: HandlingOptions, delivery: Delivery): Promise<Settlement> {
  const { assignment, receive, calls, send, log } = options;
  const { handler, settings } = assignment;
  const { message, signal } = delivery;
  const call = <T>(dependency: string, run: () => Promise<T>) => runThrough<string, T>(calls, dependency, run);
  const runHandler = async (): Promise<Settlement> => {
    const attempt = attemptOf(message);
    const tools = { send: sendFrom(delivery, send), log, signal, attempt, call, settings };
    await untilAborted(signal, () => handler(message, tools));
    return { kind: 'complete' };
  };
  const settlement = await runThrough(receive, delivery, runHandler).catch((error: unknown): Settlement => {
    if (!(error instanceof Stopping)) log.error('message handler failed', { ...facts(delivery), error });
    return { kind: 'abandon' };
  });
  if (settlement.kind === 'complete' || !(signal.reason instanceof Stopping)) return settlement;
  log.warning('message abandoned, the service is stopping', facts(delivery));
  return { kind: 'abandon' };
}

const facts = ({ message, source }: Delivery) => ({
  source: source.name,
  messageId: originalIdOf(message),
  attempt: attemptOf(message),
});

/**
 * Carries out a settlement and calls `settled` of the business when the broker has confirmed it. Returns what became of
 * the message. No other code settles messages. Throws `SettlementFailed`.
 */
function createSettle({ assignment: { business }, sendCopy, answerTimeoutMs, log }: HandlingOptions) {
  let failures = 0;

  /** The copy is sent before the message is completed: the other order would lose the message in a crash between the two. */
  async function sendLater(cause: Delivery, later: Extract<Settlement, { kind: 'later' }>): Promise<Settlement> {
    try {
      await sendCopy({ entity: copyQueueOf(cause.source), message: later.copy, cause });
      return later;
    } catch (error) {
      if (!(error instanceof MessageTooLarge)) throw error;
      // The message has no room for the properties of a copy, at every attempt. So it is dead-lettered without them.
      return { kind: 'dead-letter', reason: 'MessageTooLarge', description: `Not tried again. ${error.message}` };
    }
  }

  return async function settle(delivery: Delivery, receiver: ServiceBusReceiver, decided: Settlement) {
    const { message } = delivery;
    let settlement = decided;
    try {
      if (decided.kind === 'later') settlement = await sendLater(delivery, decided);
      await confirm(receiver, message, settlement, answerTimeoutMs);
    } catch (error) {
      failures += 1;
      const what = { ...facts(delivery), settlement: decided.kind, failures };
      log.warning('message settlement failed', { ...what, error: brokerError(error) });
      throw new SettlementFailed(`${decided.kind} failed`, { cause: error });
    }
    const settled = asSettled(delivery, settlement);
    try {
      business.settled?.(message, settled);
    } catch (error) {
      log.error('the business failed to take note of a settlement', { ...facts(delivery), error });
    }
    return settled;
  };
}

/** Tells the broker what becomes of the message. Throws the broker's error, or one when it does not confirm in time. */
function confirm(
  receiver: ServiceBusReceiver,
  message: Delivery['message'],
  settlement: Settlement,
  answerTimeoutMs: number,
): Promise<void> {
  const tried: Tried = {};
  const late = () => new Error(`The broker did not confirm within ${answerTimeoutMs} ms.`, { cause: tried.error });
  const run = () => carryOut(receiver, message, settlement);
  return withDeadline(answerTimeoutMs, (signal) => persist(signal, run, tried), late);
}

const longest = 4_096; // characters that Azure allows for a dead-letter reason and for its description

function carryOut(receiver: ServiceBusReceiver, message: Delivery['message'], settlement: Settlement): Promise<void> {
  if (settlement.kind === 'abandon') return receiver.abandonMessage(message, settlement.properties);
  if (settlement.kind !== 'dead-letter') return receiver.completeMessage(message);
  const { reason, description, properties } = settlement;
  return receiver.deadLetterMessage(message, {
    ...properties,
    deadLetterReason: reason.slice(0, longest),
    deadLetterErrorDescription: description.slice(0, longest),
  });
}

/** What becomes of the message: when the last delivery is abandoned, the broker dead-letters the message by itself. */
function asSettled({ message, source }: Delivery, settlement: Settlement): Settlement {
  if (settlement.kind !== 'abandon' || (message.deliveryCount ?? 0) + 1 < source.maxDeliveryCount) return settlement;
  return {
    kind: 'dead-letter',
    reason: 'MaxDeliveryCountExceeded',
    description: `Message could not be consumed after ${source.maxDeliveryCount} delivery attempts.`,
  };
}
