import { z } from 'zod';
import type { Business } from '../../platform/business.ts';
import { jsonBody } from '../../platform/json-body.ts';
import { acceptOrder } from './accept-order.ts';
import { handleOrder } from './handle-order.ts';
import { noteOrder } from './note-order.ts';
import { newOrderSchema } from './order.ts';
import { ordersQueue, ordersTopic, subscriptions } from './order-message.ts';

/** This business: its variables, what it sends to, its routes and its handlers. */
export function createOrders(): Business {
  return {
    name: 'orders',
    // only with: worker
    settings: {
      ORDERS_PARTNER_URL: {
        meaning: 'The address of the system that is told.',
        allowed: 'an http or https address',
        schema: z.url({ protocol: /^https?$/ }),
      },
    },
    // end
    // only with: topic or api and worker
    sends: [
      // only with: api and worker
      ordersQueue,
      // end
      // only with: topic
      ordersTopic,
      // end
    ],
    // end
    // only with: api
    routes(router, tools) {
      router.post('/orders', jsonBody(newOrderSchema), acceptOrder(tools));
    },
    // end
    // only with: worker or topic
    handlers: {
      // only with: worker
      [ordersQueue]: handleOrder,
      // end
      // only with: topic
      ...Object.fromEntries(subscriptions.map((name) => [`${ordersTopic}/${name}`, noteOrder(name)])),
      // end
    },
    // end
  };
}
