import { defineEvents } from '../../observability/events.ts';

/**
 * What this business tells about itself, from level 3 on: `docs/signals.md` shows it. What happens to a message is told by
 * the platform.
 */
export const orderEvents = defineEvents('orders', {
  // only with: api
  accepted: { when: 'the caller is about to get 202', fields: { orderId: 'string', quantity: 'number' } },
  // end
  // only with: worker or topic
  handled: { when: 'a handler is done', fields: { orderId: 'string', by: 'string' } },
  // end
});
