import { join } from 'node:path';
import { type ApplicationInsights, startApplicationInsights } from '../application-insights/index.ts';
import { type Destination, startDestination } from '../destination/index.ts';
import { type ServiceBus, startServiceBus } from '../service-bus/index.ts';
import { fixtureBusiness, type TestedBusiness } from '../test/fixture-business.ts';

const root = join(import.meta.dirname, '../..');

/** Azure and the destinations, in this process, so that they are looked at without asking the service. */
export interface StandIns {
  readonly serviceBus: ServiceBus;
  readonly insights: ApplicationInsights;
  readonly destination: Destination;
  /** The business that the service runs. */
  readonly business: TestedBusiness;
  stop(): Promise<void>;
}

/** Starts all three, with the queues that Azure would have. */
export async function startStandIns(business: TestedBusiness = fixtureBusiness): Promise<StandIns> {
  const { entities, destinations = {} } = business;
  const [serviceBus, insights, destination] = await Promise.all([
    startServiceBus({ entities }),
    startApplicationInsights(),
    startDestination({ destinations: typeof destinations === 'function' ? destinations(root) : destinations }),
  ]);
  return {
    serviceBus,
    insights,
    destination,
    business,
    async stop() {
      await Promise.all([serviceBus.stop(), insights.stop(), destination.stop()]);
    },
  };
}
