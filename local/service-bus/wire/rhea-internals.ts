// Everything here reaches behind rhea's public surface, which has no entrance for a broker. Each function names the trap
// it closes; a test of that name fails when an update of rhea opens it again. Written against rhea 3.0.5.
import rhea, { type Connection, type Delivery, type Receiver, type Sender, type Session, type Typed } from 'rhea';
import type { Reader, Writer } from 'rhea/typings/types.js';

/** Message format given to single messages so that rhea hands over their bytes. Any value but 0 would do. */
const RAW_FORMAT = 1;
const DRAIN_RETRY_MS = 5;

interface AttachFields {
  snd_settle_mode?: number;
  rcv_settle_mode?: number;
  max_message_size?: number;
}

interface Codec {
  Reader: new (buffer: Buffer) => Reader;
  Writer: new () => Writer;
}

/** rhea's encoder and decoder: present on the object, absent from its types. */
export const codec = rhea.types as unknown as Codec;

interface Outcomes {
  accepted(): { described(): Typed };
  rejected(fields: { error: { condition: string; description: string } }): { described(): Typed };
}

/** Builds delivery states: present on the object, absent from its types. */
export const outcomes = rhea.message as unknown as Outcomes;

/** The fields of the attach that answers the client's; they can be set until the next tick. */
export function attachReply(link: Sender | Receiver): AttachFields {
  return (link as unknown as { local: { attach: AttachFields } }).local.attach;
}

/**
 * Trap "ring buffer": a session has 2,048 slots and frees one when both sides have settled. A client that waits for the
 * broker's settlement sends nothing more after it, so the broker has to note the client's side itself.
 */
export function settleForGood(delivery: Delivery, state?: Typed): void {
  delivery.update(true, state);
  (delivery as { remote_settled: boolean }).remote_settled = true;
}

/**
 * Trap "bytes are gone": rhea decodes messages of format 0 before anyone sees them, and encoding them again loses types
 * (a long becomes a uint, a uuid becomes binary). Under another format it hands over the bytes.
 */
export function keepBytes(session: Session): void {
  interface Transfer {
    performative: { message_format: number | null };
  }
  const inner = session as unknown as { on_transfer(frame: Transfer): void };
  const onTransfer = inner.on_transfer.bind(session);
  inner.on_transfer = (frame) => {
    if (!frame.performative.message_format) frame.performative.message_format = RAW_FORMAT;
    onTransfer(frame);
  };
}

/**
 * Trap "drain with no credit left": rhea answers a drain only while credit is left; the SDK then waits 200 ms and closes
 * the link. Answers every drain, after the transfers that were handed over before it. Trap "stranded transfers": while
 * the client's window holds transfers back, the answer waits, since it takes the credit that they need.
 */
export function answerEveryDrain(sender: Sender): void {
  const inner = sender as unknown as {
    _draining: boolean;
    _get_drain(): boolean;
    issue_flow: boolean;
    credit: number;
    delivery_count: number;
    session: { outgoing: { next_delivery_id: number; next_pending_delivery: number } };
    connection: { _register(): void };
  };
  const retry = (): void => {
    if (!sender.is_open()) return;
    inner.issue_flow = true;
    inner.connection._register();
  };
  inner._get_drain = () => {
    if (!inner._draining) return false;
    const { next_delivery_id: handed, next_pending_delivery: written } = inner.session.outgoing;
    if (handed > written) {
      setTimeout(retry, DRAIN_RETRY_MS).unref();
      return false;
    }
    inner.delivery_count += inner.credit;
    inner.credit = 0;
    return true;
  };
}

/**
 * Trap "40 ms": the SDK leaves Nagle's algorithm on, so what it writes after a frame that gets no answer waits for the
 * delayed acknowledgement of that frame. An answer to its flow carries the acknowledgement at once.
 */
export function answerFlow(sender: Sender): void {
  (sender.session as unknown as { _write_flow(link: Sender): void })._write_flow(sender);
}

/** The client's count of messages up to which it has room: see `Credit`. */
export function grantedLimit(sender: Sender): number {
  const { credit, delivery_count: deliveryCount } = sender as unknown as { credit: number; delivery_count: number };
  return credit + deliveryCount;
}

/** Whether the link's session has a free slot and the link credit. Public in rhea; here for its company. */
export function canCarry(sender: Sender): boolean {
  return sender.is_open() && sender.sendable();
}

/** Trap "destroyed socket": rhea hears `end` and `error` but not `close`, and its timers go on. */
export function forgetSocket(connection: Connection): void {
  connection.eof();
}
