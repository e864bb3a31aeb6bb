import type { Business } from '../../../src/platform/business.ts';
import { jsonBody } from '../../../src/platform/json-body.ts';
import { problemOfStatus } from '../../../src/platform/problem.ts';
import { parcelSchema } from '../../fixture-business/parcel.ts';

/** A service that only answers callers: it needs no Service Bus. */
export const businesses: readonly Business[] = [
  {
    name: 'quotes',
    routes(router) {
      router.post('/quotes', jsonBody(parcelSchema), (request, response) => {
        const { depot, content } = request.body;
        if (depot === 'nowhere') throw problemOfStatus(422, 'No depot takes this parcel.');
        response.json({ depot, cents: 100 * content.length });
      });
    },
  },
];
