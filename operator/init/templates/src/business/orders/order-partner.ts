// only with: worker
import type { HandlerTools } from '../../platform/business.ts';
import { PermanentError, TransientError } from '../../platform/errors.ts';
import type { Order } from './order.ts';

/** Answers other than 5xx after which another attempt may succeed. */
const askedToWait = new Set([408, 425, 429]);

/**
 * The call of another system, which recognises a repetition by the `Idempotency-Key`. Throws `PermanentError` when no
 * other attempt can succeed, `TransientError` when one may.
 */
export async function tellPartner(order: Order, { settings, signal }: HandlerTools): Promise<void> {
  let response: Response;
  try {
    response = await fetch(settings.ORDERS_PARTNER_URL ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': order.orderId },
      body: JSON.stringify(order),
      signal,
    });
    await response.body?.pipeTo(new WritableStream()); // read to its end, or the span of the call never ends
  } catch (cause) {
    throw new TransientError('The partner cannot be reached.', { cause });
  }
  if (response.ok) return;
  const answer = `The partner answered ${response.status}.`;
  if (response.status >= 500 || askedToWait.has(response.status)) throw new TransientError(answer);
  throw new PermanentError('PartnerRefused', answer);
}
