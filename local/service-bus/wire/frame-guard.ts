import type { Receiver, Sender } from 'rhea';
import { conditions } from '../entity/broker-error.ts';

/**
 * Wraps a handler so that a defect in it ends no more than its link. rhea calls handlers from ticks of its own, where a
 * throw would end the process, the developer's service and all.
 */
export type Guard = <Args extends readonly unknown[]>(
  link: Sender | Receiver,
  handler: (...args: Args) => void,
) => (...args: Args) => void;

export function createGuard({ log }: { log: (line: string) => void }): Guard {
  return (link, handler) =>
    (...args) => {
      try {
        handler(...args);
      } catch (error) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        log(`Service Bus test double: a link was closed because of a defect in the test double: ${text}`);
        link.close({ condition: conditions.internal, description: 'The Service Bus test double failed; see its log.' });
      }
    };
}
