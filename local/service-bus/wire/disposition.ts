import type { Delivery } from 'rhea';
import { notDone } from '../entity/broker-error.ts';
import type { Disposition } from '../entity/deliveries.ts';

/** What `delivery.remote_state` holds for the outcomes that carry something. */
interface RemoteState {
  error?: { info?: Record<string, unknown> | null } | null;
  undeliverable_here?: boolean | null;
  message_annotations?: Record<string, unknown> | null;
}

/**
 * Reads the outcome with which a receiver answered a delivery. `modified` with undeliverable-here is how the SDK defers:
 * throws `BrokerError`. `released` is taken as "give it back, nothing failed".
 */
export function readOutcome(kind: 'accepted' | 'rejected' | 'released' | 'modified', delivery: Delivery): Disposition {
  const state = (delivery.remote_state ?? {}) as RemoteState;
  if (kind === 'accepted') return { kind: 'complete' };
  if (kind === 'released') return { kind: 'release' };
  if (kind === 'rejected') return deadLetterWith(state.error?.info ?? {});
  if (state.undeliverable_here) throw notDone('Deferring messages is');
  return { kind: 'abandon', properties: state.message_annotations ?? {} };
}

/** Dead-letters with the properties that were given; the SDK sends null for those that were not. */
export function deadLetterWith(info: Readonly<Record<string, unknown>>): Disposition {
  const given = Object.entries(info).filter(([, value]) => value !== null && value !== undefined);
  return { kind: 'dead-letter', properties: Object.fromEntries(given) };
}
