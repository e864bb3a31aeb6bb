import type { EventContext, Receiver, Sender } from 'rhea';
import { managedEntity, TOKEN_ADDRESS } from '../addresses.ts';
import type { Directory } from '../directory.ts';
import { BrokerError, conditions, notDone } from '../entity/broker-error.ts';
import type { Queue } from '../entity/queue.ts';
import type { FaultRules } from '../fault-rules.ts';
import type { Dispatcher } from '../link/dispatcher.ts';
import type { LinkRegistry } from '../link/link-registry.ts';
import type { Guard } from './frame-guard.ts';
import { createManagement } from './management.ts';
import { openReceivingLink } from './receiving-link.ts';
import { openReplyLink, openRequestLink } from './request-link.ts';
import { openSendingLink } from './sending-link.ts';
import { answerTokenRequest } from './token-exchange.ts';

const SESSION_FILTER = 'com.microsoft:session-filter';

export interface AttachOptions {
  directory: Directory;
  links: LinkRegistry;
  faults: FaultRules;
  guard: Guard;
  dispatcherOf(queue: Queue): Dispatcher;
}

/** Decides what a link that a client opens is for. Names are seen from the broker: `sender_open` wants to receive. */
export function createAttach({ directory, links, faults, guard, dispatcherOf }: AttachOptions) {
  /** A link is refused the way Azure does it: the attach is answered, then the link detached with the reason. */
  const orRefuse = (link: Sender | Receiver, open: () => void): void => {
    try {
      open();
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      link.close({ condition: error.condition, description: error.message });
    }
  };

  return {
    senderOpen({ sender }: EventContext) {
      if (!sender) return;
      const address = clean(sender.source?.address);
      sender.set_source({ address });
      sender.set_target({ address: sender.target?.address ?? '' });
      if (address === TOKEN_ADDRESS || managedEntity(address) !== undefined) return openReplyLink(sender);
      orRefuse(sender, () => {
        const queue = directory.source(address);
        refuseSessions(sender, queue);
        openSendingLink({ sender, queue, dispatcher: dispatcherOf(queue), links, faults, guard });
      });
    },
    receiverOpen({ receiver }: EventContext) {
      if (!receiver) return;
      orRefuse(receiver, () => {
        const address = clean(receiver.target?.address);
        // The target of a transaction's control link is its coordinator, not an entity.
        if (!address) throw notDone('A link without an entity, as transactions open it, is');
        receiver.set_source({ address: receiver.source?.address ?? '' });
        receiver.set_target({ address });
        const managed = managedEntity(address);
        if (address === TOKEN_ADDRESS) return openRequestLink({ receiver, guard, handle: answerTokenRequest });
        if (managed === undefined) {
          return openReceivingLink({ receiver, queue: directory.target(address), links, faults, guard });
        }
        openRequestLink({ receiver, guard, handle: createManagement({ address: managed, directory, faults }) });
      });
    },
  };
}

/** Says what Azure says where a session meets an entity without sessions or the reverse; the rest is not done. */
function refuseSessions(sender: Sender, queue: Queue): void {
  const asksForSession = sender.source?.filter !== undefined && SESSION_FILTER in (sender.source.filter ?? {});
  if (asksForSession && queue.settings.requiresSession) throw notDone('Sessions are');
  if (asksForSession) {
    throw new BrokerError(
      conditions.notAllowed,
      'A sessionful message receiver cannot be created on an entity that does not require sessions.',
    );
  }
  if (queue.settings.requiresSession) {
    throw new BrokerError(
      conditions.notAllowed,
      'It is not possible for an entity that requires sessions to create a non-sessionful message receiver.',
    );
  }
}

function clean(address: string | undefined): string {
  return (address ?? '').replace(/^\/+|\/+$/g, '');
}
