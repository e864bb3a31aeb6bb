import { aggregateRows } from '../rows/aggregate-rows.ts';
import { toAll } from '../rows/call-totals.ts';
import { type ComparedRows, compareRows } from '../rows/compare-rows.ts';
import { throughAggregator } from '../rows/through-aggregator.ts';
import type { Campaign } from '../world/campaign.ts';
import { attackersOf, honestWorld } from '../world/drawn-world.ts';
import { createRandom } from '../world/random.ts';
import { runTraffic, type TrafficSink } from '../world/traffic.ts';

export interface ComparedAggregator extends ComparedRows {
  /** Single calls that the aggregator of the service counted. */
  readonly calls: number;
}

/** The hours before customers are warned off the old route, so that a short part has refusals too. */
const beginsAtHour = 8 * 24 + 6;

/**
 * Hands at least so many single calls of a world, in whole hours, to the aggregator of the service, and holds its rows against those
 * that the grid is made of.
 */
export function compareAggregator(
  seed: number,
  campaign: Campaign,
  least: number,
  fromHour = beginsAtHour,
): ComparedAggregator {
  const world = honestWorld(seed);
  const own = aggregateRows();
  const real = throughAggregator();
  const both = toAll([own, real]);
  const isWanted = (hour: number) => hour >= fromHour && real.calls() < least;
  const part: TrafficSink = {
    called: (calls) => isWanted(calls.hour) && both.called(calls),
    refused: (calls) => isWanted(Math.floor(calls.minute / 60)) && both.refused(calls),
    hourEnds: (hour) => isWanted(hour) && both.hourEnds(hour),
  };
  const until = () => real.calls() >= least;
  runTraffic(createRandom(`compared ${seed}`), [...world.accounts, ...attackersOf(world, campaign)], part, until);
  return { calls: real.calls(), ...compareRows(own.rows, real.rows) };
}
