import type { Delivery, EventContext, Receiver } from 'rhea';
import { BrokerError, conditions } from '../entity/broker-error.ts';
import type { Queue } from '../entity/queue.ts';
import type { FaultRules } from '../fault-rules.ts';
import type { LinkRegistry, OpenLink } from '../link/link-registry.ts';
import type { Guard } from './frame-guard.ts';
import { readTransfer } from './message-reader.ts';
import { attachReply } from './rhea-internals.ts';

export interface ReceivingLinkOptions {
  receiver: Receiver;
  queue: Queue;
  links: LinkRegistry;
  faults: FaultRules;
  guard: Guard;
}

/** Opens a link on which a client sends. The SDK takes the size limit of its batches from the answer to its attach. */
export function openReceivingLink({ receiver, queue, links, faults, guard }: ReceivingLinkOptions): void {
  attachReply(receiver).max_message_size = queue.settings.maxMessageBytes;
  const link: OpenLink = {
    queue,
    carriers: [receiver.session, receiver.connection],
    detach: (condition, description) => receiver.close({ condition, description }),
    gone() {},
  };
  links.add(link);

  /** rhea does not enforce the limit that it announces. */
  const store = (bytes: Buffer, format: number): void => {
    const limit = queue.settings.maxMessageBytes;
    if (bytes.length > limit) {
      throw new BrokerError(
        conditions.tooLarge,
        `The received message (size:${bytes.length} bytes) exceeds the limit (${limit} bytes) currently allowed on the link.`,
      );
    }
    queue.accept(readTransfer(bytes, format));
  };

  const take = (delivery: Delivery, bytes: Buffer): void => {
    const verdict = faults.send(queue.path);
    if (verdict.kind === 'refuse') {
      delivery.reject({ condition: verdict.condition, description: verdict.description });
    } else if (verdict.kind === 'pass' || verdict.carriedOut) {
      store(bytes, delivery.format);
      if (verdict.kind === 'pass') delivery.accept();
    }
  };

  receiver.on(
    'message',
    guard(receiver, ({ delivery, message }: EventContext) => {
      if (!delivery) return;
      try {
        // Bytes, because `keepBytes` was applied to the session; rhea's types know decoded messages only.
        take(delivery, message as unknown as Buffer);
      } catch (error) {
        if (!(error instanceof BrokerError)) throw error;
        delivery.reject({ condition: error.condition, description: error.message });
      }
    }),
  );
  receiver.on('receiver_close', () => links.remove(link));
}
