import { z } from 'zod';
import type { Business, Handler } from '../../../src/platform/business.ts';
import { jsonBody } from '../../../src/platform/json-body.ts';
import { fromMessage, parcelIdOf, parcelSchema, toMessage } from '../../fixture-business/parcel.ts';
import { deliver } from '../../fixture-business/parcels.ts';

const tell =
  (system: string): Handler =>
  (message, tools) =>
    deliver(`${tools.settings.NOTICES_URL}/${system}`, fromMessage(message), tools);

/** A service with a topic and two subscriptions, and no queue but those for the retries of the subscriptions. */
export const businesses: readonly Business[] = [
  {
    name: 'notices',
    settings: { NOTICES_URL: { meaning: 'Address of who is told.', allowed: 'an address', schema: z.url() } },
    sends: ['notices'],
    routes(router, { send }) {
      router.post('/notices', jsonBody(parcelSchema), async (request, response) => {
        const parcelId = parcelIdOf(request.get('idempotency-key'), request.body.content);
        await send('notices', toMessage(parcelId, request.body));
        response.status(202).json({ parcelId });
      });
    },
    handlers: { 'notices/billing': tell('billing'), 'notices/tracking': tell('tracking') },
  },
];
