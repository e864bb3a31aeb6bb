import { z } from 'zod';
import type { Business } from '../../../src/platform/business.ts';
import { jsonOf } from '../../../src/platform/json-body.ts';
import { deliver } from '../../fixture-business/parcels.ts';

const scanSchema = z.object({ depot: z.string(), content: z.string() });

/** A service that only handles messages, which another system puts into its queue: callers have no route. */
export const businesses: readonly Business[] = [
  {
    name: 'scans',
    settings: { SCANS_DEPOT_URL: { meaning: 'Address of the depots.', allowed: 'an address', schema: z.url() } },
    handlers: {
      scans: (message, tools) => {
        const { depot, content } = jsonOf(message, scanSchema);
        return deliver(
          `${tools.settings.SCANS_DEPOT_URL}/${depot}`,
          { parcelId: String(message.messageId), content },
          tools,
        );
      },
    },
  },
];
