import type { DrilledCheckout } from './drilled-checkout.ts';

/** The queue in which the messages of the load wait. Throws where the business has none. */
export function queueOf({ business }: DrilledCheckout): string {
  const queue = business.requests?.follow?.queue;
  if (queue === undefined)
    throw new Error(`The business ${business.name} has no queue: its "requests" in local/business need "follow".`);
  return queue;
}
