import type { Account } from './account.ts';
import { type Campaign, campaignAccounts } from './campaign.ts';
import { honestAccounts } from './honest-accounts.ts';
import { createRandom } from './random.ts';
import { runTraffic, type TrafficSink } from './traffic.ts';

/** The honest part of a world: all cells of one seed share it. */
export interface HonestWorld {
  readonly seed: number;
  readonly accounts: readonly Account[];
  readonly fingerprints: number;
  /** Of the calls of an account on a day. */
  readonly medianPerDay: number;
}

export function honestWorld(seed: number): HonestWorld {
  const { accounts, fingerprints } = honestAccounts(createRandom(`honest ${seed}`));
  const rates = accounts.map(({ perDay }) => perDay).toSorted((a, b) => a - b);
  return { seed, accounts, fingerprints, medianPerDay: rates[Math.floor(rates.length / 2)] ?? 0 };
}

const label = (campaign: Campaign): string => JSON.stringify(campaign);

/** The accounts of an attacker in a world, and thereby the label of each: no row says whose it is. */
export const attackersOf = (world: HonestWorld, campaign: Campaign): Account[] =>
  campaignAccounts(createRandom(`attackers ${world.seed} ${label(campaign)}`), campaign, {
    ...{ accounts: world.accounts.length, fingerprints: world.fingerprints, medianPerDay: world.medianPerDay },
  });

export const runHonest = (world: HonestWorld, sink: TrafficSink): void =>
  runTraffic(createRandom(`traffic ${world.seed}`), world.accounts, sink);

export const runAttackers = (
  world: HonestWorld,
  campaign: Campaign,
  attackers: readonly Account[],
  sink: TrafficSink,
) => runTraffic(createRandom(`campaign ${world.seed} ${label(campaign)}`), attackers, sink);
