import { defineEvents } from '../../observability/events.ts';

/** What this business tells about itself, from level 3 on. What happens to a message is told by the platform. */
export const orderEvents = defineEvents('orders', {
  // only with: api
  accepted: { orderId: 'string', quantity: 'number' },
  // end
  // only with: worker or topic
  handled: { orderId: 'string', by: 'string' },
  // end
});
