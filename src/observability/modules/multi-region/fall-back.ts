import { QueueUnavailable } from '../../../platform/errors.ts';
import type { Logger } from '../../../platform/log.ts';
import { isCanary } from '../../../platform/message-properties.ts';
import type { Outgoing, Send, SendMiddleware } from '../../../platform/messaging.ts';

/** Refusals that the other region would repeat: both have the same entities and roles. */
const refusals = ['MessagingEntityDisabled', 'MessagingEntityNotFound', 'UnauthorizedAccess'];

/**
 * Sends a message to the other region when the own one has not accepted it within `ownMs`. Only first sends: a copy is
 * settled with the message that it copies, and a canary asks about the workers of this region. The region that accepted
 * last is tried first; while that is the other one, a message in `againMs` tries the own one. Each queue and topic has its
 * own memory of it, because a queue can be full while the others are not. `entities` names those that were sent to.
 */
export function createFallBack(sendThere: Send, ownMs: number, log: Logger, againMs = 10_000) {
  /** When to try the own region again, by entity; 0 while it accepts. */
  const away = new Map<string, number>();

  async function sendHere({ entity }: Outgoing, next: () => Promise<void>): Promise<void> {
    await next();
    if (away.get(entity)) log.warning('messages go to the own region again', { entity });
    away.set(entity, 0);
  }

  const send: SendMiddleware = async function fallBack(outgoing, next) {
    const { entity, message, cause } = outgoing;
    if (cause || isCanary(message, { queue: entity })) return next();
    const tryAgainAt = away.get(entity) ?? 0;
    if (performance.now() < tryAgainAt) return sendThere(entity, message).catch(() => sendHere(outgoing, next));
    if (tryAgainAt > 0) away.set(entity, performance.now() + againMs); // the others do not wait for this one
    outgoing.signal = AbortSignal.timeout(ownMs);
    await sendHere(outgoing, next).catch((error: unknown) => {
      if (!(error instanceof QueueUnavailable) || refusals.includes(String(Object(error.cause).code))) throw error;
      if (!away.get(entity)) log.warning('messages go to the other region', { entity, error });
      away.set(entity, performance.now() + againMs);
      return sendThere(entity, message);
    });
  };
  return { send, entities: () => [...away.keys()] };
}
