import type { Delivery, EventContext, Sender } from 'rhea';
import { BrokerError } from '../entity/broker-error.ts';
import type { Disposition, ReceiveMode } from '../entity/deliveries.ts';
import type { QueuedMessage } from '../entity/message.ts';
import type { Queue } from '../entity/queue.ts';
import type { FaultRules } from '../fault-rules.ts';
import { createCredit } from '../link/credit.ts';
import type { Dispatcher } from '../link/dispatcher.ts';
import type { LinkRegistry, OpenLink } from '../link/link-registry.ts';
import { settleForClient } from '../link/link-settlement.ts';
import { readOutcome } from './disposition.ts';
import type { Guard } from './frame-guard.ts';
import { tagOf, tokenOf } from './lock-token.ts';
import { writeMessage } from './message-writer.ts';
import { answerEveryDrain, attachReply, canCarry, grantedLimit, outcomes, settleForGood } from './rhea-internals.ts';

export interface SendingLinkOptions {
  sender: Sender;
  queue: Queue;
  dispatcher: Dispatcher;
  links: LinkRegistry;
  faults: FaultRules;
  guard: Guard;
}

const [UNSETTLED, SETTLED] = [0, 1];
const [FIRST, SECOND] = [0, 1];

/** Opens a link on which a client receives. A sender that settles its transfers at once means receive-and-delete. */
export function openSendingLink({ sender, queue, dispatcher, links, faults, guard }: SendingLinkOptions): void {
  const mode: ReceiveMode = sender.snd_settle_mode === SETTLED ? 'receive-and-delete' : 'peek-lock';
  const reply = attachReply(sender);
  reply.snd_settle_mode = mode === 'receive-and-delete' ? SETTLED : UNSETTLED;
  reply.rcv_settle_mode = mode === 'receive-and-delete' ? FIRST : SECOND;
  answerEveryDrain(sender);

  const credit = createCredit();
  const leave = dispatcher.add({
    mode,
    ready: () => credit.left > 0 && canCarry(sender),
    deliver: guard(sender, (message: QueuedMessage) => {
      credit.use();
      // In receive-and-delete mode there is no lock; a tag is needed all the same.
      const tag = message.lock ? tagOf(message.lock.token) : Buffer.alloc(16, message.sequenceNumber);
      sender.send(writeMessage(message), tag, 0);
    }),
  });
  const link: OpenLink = {
    queue,
    carriers: [sender.session, sender.connection],
    detach: (condition, description) => sender.close({ condition, description }),
    gone: leave,
  };
  links.add(link);

  const answer = (delivery: Delivery, disposition: Disposition): void => {
    const result = settleForClient(queue, tokenOf(delivery.tag as Buffer), disposition, faults);
    if (result === 'silence') return;
    settleForGood(delivery, result === 'settled' ? outcomes.accepted().described() : refusalOf(result));
  };
  const on = (event: string, handler: (context: EventContext) => void): void =>
    void sender.on(event, guard(sender, handler));

  for (const kind of ['accepted', 'rejected', 'released', 'modified'] as const) {
    on(kind, ({ delivery }) => {
      if (!delivery) return;
      try {
        answer(delivery, readOutcome(kind, delivery));
      } catch (error) {
        if (!(error instanceof BrokerError)) throw error;
        settleForGood(delivery, refusalOf(error));
      }
    });
  }
  on('sender_flow', () => {
    credit.grantUpTo(grantedLimit(sender));
    dispatcher.pump();
  });
  on('sendable', () => dispatcher.pump());
  on('sender_draining', () => {
    credit.drain();
    sender.set_drained(true);
  });
  on('sender_close', () => links.remove(link));
}

function refusalOf({ condition, message }: BrokerError) {
  return outcomes.rejected({ error: { condition, description: message } }).described();
}
