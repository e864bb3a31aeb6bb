import { type Account, days, hours, mixOf, place, routes } from './account.ts';
import { commonFingerprint } from './honest-accounts.ts';
import type { Random } from './random.ts';
import { drawZone, weekOf } from './weeks.ts';

/** How an attacker works: one cell of the grid. */
export interface Campaign {
  /** Fingerprints among which its accounts are spread: with 24,000 each has one of its own, with 0 all have that of the common SDK. */
  readonly fingerprints: number;
  /** Calls a day of an account, as a share of the honest median. */
  readonly rate: number;
  /** Days over which its accounts are opened. */
  readonly openedIn: number;
  /** Hours from the limit to the switch to another route. */
  readonly switchAfter: number;
  /** Its share of all accounts. */
  readonly prevalence: number;
  /** Its accounts keep the hours of people, rest on some days, and call as unevenly as they do. */
  readonly like?: 'people';
}

export const ownFingerprints = 24_000;

/** How many accounts a campaign has beside so many honest ones. */
export const accountsOf = ({ prevalence }: Campaign, honest: number): number =>
  Math.max(1, Math.round((honest * prevalence) / (1 - prevalence)));

/**
 * The accounts of an attacker who collects answers: one queue of work spread evenly over them, day and night, from one route. In one
 * hour it asks for more than a limit allows, and leaves that route some hours later. Ids and fingerprints follow the honest ones.
 */
export function campaignAccounts(
  random: Random,
  campaign: Campaign,
  honest: { accounts: number; fingerprints: number; medianPerDay: number },
): Account[] {
  const count = accountsOf(campaign, honest.accounts);
  const firstDay = 1 + random.below(4);
  const limitedAt = (7 + random.below(3)) * 24 + random.below(24);
  const pushing = random.between(0.4, 0.9);
  const pause = random.between(0.8, 1);
  const mean = honest.medianPerDay * campaign.rate;
  const before = mixOf({ [place.answersV1]: 0.95, [place.summaries]: 0.05 });
  const others = routes.map((_route, at) => at).filter((at) => at !== place.answersV1);
  const taken = others[random.below(others.length)] ?? place.documents;
  const after = mixOf({ [taken]: 0.95, [place.answersV1]: 0.05 });
  return Array.from({ length: count }, (_, each): Account => {
    const opened =
      campaign.openedIn === 1 ? firstDay * 24 + random.below(24) : random.below(Math.min(campaign.openedIn, days) * 24);
    const pushes = opened < limitedAt && random.isOneIn(pushing);
    return {
      ...{ id: honest.accounts + each, opened, closed: hours },
      ...{ minutes: 60, bytes: Math.exp(0.3 + 0.2 * random.normal()), whenLimited: undefined },
      fingerprints: [{ hour: 0, value: fingerprintOf(random, campaign, honest.fingerprints, each) }],
      mixes: [
        { hour: 0, value: before },
        { hour: limitedAt + campaign.switchAfter, value: after },
      ],
      ...(campaign.like === 'people' ? asPeople(random, mean) : asQueue(random, mean, pause)),
      push: pushes ? { hour: limitedAt, calls: 30 + random.below(30), minutes: 1 } : undefined,
    };
  });
}

/** One queue of work, spread evenly. */
const asQueue = (random: Random, mean: number, activeDays: number) => ({
  ...{ perDay: mean * random.between(0.9, 1.1), activeDays, week: weekOf('always', 0) },
});

const asPeople = (random: Random, mean: number) => ({
  perDay: mean * Math.exp(random.normal()),
  activeDays: random.between(0.3, 1),
  week: weekOf('work', drawZone(random)),
});

function fingerprintOf(random: Random, { fingerprints }: Campaign, honest: number, account: number): number {
  if (fingerprints === 0) return commonFingerprint;
  return honest + (fingerprints >= ownFingerprints ? account : random.below(fingerprints));
}
