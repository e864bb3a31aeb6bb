import type { ServiceBusReceiver } from '@azure/service-bus';
import { classify } from '../../observability/modules/dead-letters/failure-table.ts';
import { addToHistory } from '../../observability/modules/dead-letters/history.ts';
import { describeError } from '../../observability/modules/structured-logs/error-fields.ts';
import type { Logger } from '../../platform/log.ts';
import { property } from '../../platform/message-properties.ts';
import type {
  CallMiddleware,
  MessageSource,
  Properties,
  ReceivedMessage,
  ReceiveMiddleware,
  Settlement,
} from '../../platform/messaging.ts';
import type { Assignment } from '../../platform/service-bus/assignments.ts';
import { createHandling } from '../../platform/service-bus/handling.ts';
import type { Actor, Audit } from './audit.ts';
import type { Bus } from './bus.ts';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { createRate } from './rate.ts';
import { batchFor, complete, lockHasEnded } from './replay.ts';
import { replayCopy, replayProperties } from './replay-copy.ts';
import type { Outcome, Worker } from './work-off.ts';

/** The service's own handlers, with the limits that it gives them. */
export interface Handlers {
  of(source: MessageSource): Assignment | undefined;
  handlerTimeoutMs: number;
  maxReplays: number;
  serviceVersion: string;
}

interface InPlaceOptions {
  bus: Bus;
  source: MessageSource;
  assignment: Assignment;
  handlers: Handlers;
  /** Of the service's modules: the span and the story around handling and settling. */
  around: readonly ReceiveMiddleware[];
  log: Logger;
  actor: Actor;
  audit: Audit;
  perSecond: number | undefined;
}

const atOnce = 10;
const consumer = { pause() {}, probe() {}, resume() {} };
const call: CallMiddleware = (_dependency, run) => run();

/**
 * Handles the dead letter here, by the handler that the service has for it: no queue and no other subscriber sees it. One
 * that fails again stays among the dead letters with the history of this failure too, parked when it was replayed often
 * enough. The handler has run before the completion, so a crash between the two runs it again.
 */
export function createInPlaceReplay(options: InPlaceOptions): Worker {
  const { bus, source, assignment, handlers, around, log, actor, audit, perSecond } = options;
  const { business } = assignment;
  const turn = createRate(perSecond);
  const oneAtATime = createOneAtATime();

  /** A dead letter cannot be dead-lettered again; giving it back can change its properties. */
  const failsAgain = (message: ReceivedMessage, dead: DeadLetter): ReceiveMiddleware =>
    async function giveBack(_delivery, next) {
      try {
        return await next();
      } catch (error) {
        log.error('replay in place failed', { messageId: message.messageId, source: source.name, error });
        const properties = failedAgain(message, dead, error, options);
        if (properties[property.parked] === true) audit('park', dead, message);
        return { kind: 'abandon', properties };
      }
    };

  async function carryOut(settlement: Settlement, message: ReceivedMessage, receiver: ServiceBusReceiver) {
    if (settlement.kind === 'complete') {
      const completed = await oneAtATime(() => complete(bus, source, message, receiver));
      return completed ? 'done' : 'again';
    }
    const { properties } = settlement;
    await oneAtATime(() => bus.ask(source, () => receiver.abandonMessage(message, properties)));
    return 'returned';
  }

  return {
    batch: Math.min(atOnce, batchFor(source, perSecond)),
    async take(message, receiver) {
      await turn();
      if (lockHasEnded(message)) return 'again';
      const dead = readDeadLetter(source, message);
      const { applicationProperties = {} } = replayCopy(message, dead, actor);
      const { deadLetterReason: _, deadLetterErrorDescription: __, ...rest } = message;
      const living: ReceivedMessage = { ...rest, applicationProperties };
      audit('replay-in-place', dead, message);

      let ended: Promise<Outcome> | undefined;
      const { handle } = createHandling({
        ...{ assignment, consumer, around, call, log, handlerTimeoutMs: handlers.handlerTimeoutMs },
        receive: [failsAgain(message, dead)],
        async settle({ settlement }) {
          ended = carryOut(settlement, message, receiver);
          if ((await ended) === 'done') business.settled?.(living, settlement);
        },
      });
      await handle({ message: living, receiver });
      return (await ended) ?? 'failed';
    },
  };
}

function failedAgain(
  message: ReceivedMessage,
  dead: DeadLetter,
  error: unknown,
  { actor, handlers }: InPlaceOptions,
): Properties {
  const replayed = replayProperties(message, dead, actor);
  const failure = {
    time: new Date().toISOString(),
    attempt: 1,
    outcome: 'dead-lettered',
    reason: classify(error).reason,
    host: actor.name,
  } as const;
  return {
    ...replayed,
    [property.history]: addToHistory(replayed, failure),
    [property.attempts]: 1,
    [property.fingerprint]: describeError(error).fingerprint,
    [property.serviceVersion]: handlers.serviceVersion,
    [property.parked]: replayed[property.replayCount] >= handlers.maxReplays,
  };
}
