import { randomUUID } from 'node:crypto';
import { openBody } from '../contents.ts';
import type { LocalBusiness } from '../local-business.ts';

/** What `npm start` and `npm run send` give this business on this machine. */
export const orders: LocalBusiness = {
  name: 'orders',
  // only with: worker
  destinations: { partner: {} },
  variables: ({ destination }) => ({ ORDERS_PARTNER_URL: `${destination}/partner` }),
  // end
  // only with: api or worker
  requests: {
    *sample({ count }) {
      for (let index = 0; index < count; index++) {
        // only with: api
        // Every tenth is one that the route refuses.
        const quantity = index % 10 === 9 ? 0 : 1;
        yield {
          label: `sample ${index}`,
          path: '/orders',
          headers: { 'content-type': 'application/json' },
          expectedStatus: quantity === 0 ? 400 : 202,
          open: async () => openBody({ item: 'lamp', quantity }),
        };
        // end
        // only with: worker and no api
        const orderId = randomUUID();
        yield {
          label: `sample ${index}`,
          target: 'orders',
          messageId: orderId,
          open: async () => openBody({ orderId, item: 'lamp', quantity: 1 }),
        };
        // end
      }
    },
    // only with: worker
    follow: {
      queue: 'orders',
      idInAnswer: (body) => (body as { orderId?: string } | undefined)?.orderId,
    },
    // end
  },
  // end
};
