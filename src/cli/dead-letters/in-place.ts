import { classify } from '../../observability/modules/dead-letters/failure-table.ts';
import { addToHistory } from '../../observability/modules/dead-letters/history.ts';
import { property } from '../../observability/modules/dead-letters/message-properties.ts';
import { describeError } from '../../observability/modules/structured-logs/error-fields.ts';
import type { Logger } from '../../platform/log.ts';
import type { MessageSource, Properties, ReceivedMessage } from '../../platform/messaging.ts';
import type { Assignment } from '../../platform/service-bus/assignments.ts';
import type { Actor, Audit } from './audit.ts';
import type { Bus } from './bus.ts';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { createRate } from './rate.ts';
import { batchFor, complete, lockHasEnded } from './replay.ts';
import { replayCopy, replayProperties } from './replay-copy.ts';
import type { Worker } from './work-off.ts';

/** The service's own handlers, with the limits that it gives them. */
export interface Handlers {
  of(source: MessageSource): Assignment | undefined;
  handlerTimeoutMs: number;
  maxReplays: number;
  serviceVersion: string;
  log: Logger;
}

interface InPlaceOptions {
  bus: Bus;
  source: MessageSource;
  assignment: Assignment;
  handlers: Handlers;
  actor: Actor;
  audit: Audit;
  perSecond: number | undefined;
}

const atOnce = 10;

/**
 * Handles the dead letter here, by the handler that the service has for it: no queue and no other subscriber sees it. One
 * that fails again stays among the dead letters with the history of this failure too, parked when it was replayed often
 * enough. The handler has run before the completion, so a crash between the two runs it again.
 */
export function createInPlaceReplay(options: InPlaceOptions): Worker {
  const { bus, source, assignment, handlers, actor, audit, perSecond } = options;
  const turn = createRate(perSecond);
  const settle = createOneAtATime();

  return {
    batch: Math.min(atOnce, batchFor(source, perSecond)),
    async take(message, receiver) {
      await turn();
      if (lockHasEnded(message)) return 'again';
      const dead = readDeadLetter(source, message);
      const { applicationProperties = {} } = replayCopy(message, dead, actor);
      const { deadLetterReason: _, deadLetterErrorDescription: __, ...rest } = message;
      const living: ReceivedMessage = { ...rest, applicationProperties };
      audit('replay-in-place', dead);
      try {
        await handle(living, assignment, handlers);
      } catch (error) {
        handlers.log.error('replay in place failed', { messageId: message.messageId, source: source.name, error });
        const properties = failedAgain(message, dead, error, options);
        if (properties[property.parked] === true) audit('park', dead);
        await settle(() => bus.ask(source, () => receiver.abandonMessage(message, properties)));
        return 'returned';
      }
      if (!(await settle(() => complete(bus, source, message, receiver)))) return 'again';
      assignment.business.settled?.(living, { kind: 'complete' });
      return 'done';
    },
  };
}

async function handle(message: ReceivedMessage, { handler, settings }: Assignment, handlers: Handlers): Promise<void> {
  const signal = AbortSignal.timeout(handlers.handlerTimeoutMs);
  const late = Promise.withResolvers<never>();
  const onAbort = () => late.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const call = <T>(_dependency: string, run: () => Promise<T>) => run();
    await Promise.race([handler(message, { log: handlers.log, signal, attempt: 1, call, settings }), late.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** A dead letter cannot be dead-lettered again; giving it back can change its properties. */
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
