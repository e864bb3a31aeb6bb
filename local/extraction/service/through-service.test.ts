import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixtureCheckout } from '../../drills/fixture-checkout.fixture.ts';
import { configurationOfDrill } from '../drill/drilled-campaign.ts';
import type { LastCall } from './last-calls.ts';
import { throughService } from './through-service.ts';

const checkout = fixtureCheckout;
const { root } = checkout;
const hasTokens = existsSync(join(root, 'src/observability/modules/bearer-tokens'));

test.skipIf(!hasTokens)(
  'the service writes for requests the rows that its aggregator makes of the same calls',
  async () => {
    const calls = Array.from(
      { length: 300 },
      (_, at): LastCall => ({ account: at % 40, fingerprint: at % 7, route: at % 5 }),
    );
    const { written, ...compared } = await throughService(checkout, configurationOfDrill(root, 5), calls);
    expect(compared).toEqual({ calls: 300, rows: written.length, different: 0 });
    expect(written.filter(({ event }) => event === 'traffic-shape')).toHaveLength(35);
    expect(written.filter(({ event }) => event === 'caller-seen')).toHaveLength(280);
  },
);
