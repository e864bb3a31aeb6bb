import { p99 } from '../soak/latencies.ts';
import type { DrilledRequest } from './drill-load.ts';
import type { DrilledService } from './drilled-service.ts';
import type { Stretch, StretchName } from './layout.ts';

/** The 99th percentile in milliseconds of what was sent in a stretch; 0 when nothing was. */
export interface Latencies {
  /** From sending a request to its answer. */
  answers(stretch: StretchName): number;
  /** From sending a request to the arrival of its message at one of these destinations, of those that have arrived. */
  arrivals(stretch: StretchName, destinations: readonly string[]): number;
}

export function latenciesOfStretches(
  { destination }: Pick<DrilledService, 'destination'>,
  requests: readonly DrilledRequest[],
  stretches: readonly Stretch[],
): Latencies {
  const sentIn = (name: StretchName) => {
    const stretch = stretches.find((each) => each.name === name);
    return stretch ? requests.filter(({ sentAt }) => sentAt >= stretch.from && sentAt < stretch.until) : [];
  };
  return {
    answers: (name) => p99(sentIn(name).flatMap(({ sentAt, answeredAt }) => (answeredAt ? [answeredAt - sentAt] : []))),
    arrivals: (name, destinations) =>
      p99(
        sentIn(name).flatMap(({ sentAt, id }) =>
          destinations.flatMap((each) => {
            const entry = id === undefined ? undefined : destination.ledger.get(id, each);
            return entry ? [Date.parse(entry.firstReceivedAt) - sentAt] : [];
          }),
        ),
      ),
  };
}
