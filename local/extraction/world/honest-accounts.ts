import { type Account, days, type From, hours, mixOf, place, type RouteMix } from './account.ts';
import { drawRank, type HonestKind, type HonestKindName, honestKinds } from './honest-kinds.ts';
import type { Random } from './random.ts';
import { drawZone, weekOf } from './weeks.ts';

/** The day on which a new route opens, and with it many accounts. */
export const launchDay = 9;
/** The days between which customers move from the first version of a route to the second. */
const migration = { from: 4, to: 11, share: 0.6 } as const;
/** The day after which a new version of the SDK is taken. */
const release = { day: 5, share: 0.3, meanHours: 72 } as const;

const joins = 0.22;
const onLaunch = 0.3;
const leavesSoon = 0.4;
const failsOver = 0.15;

const newVersion = 0;
/** Of the SDK that most accounts use. */
export const commonFingerprint = 1;

export interface HonestPopulation {
  readonly accounts: readonly Account[];
  /** Fingerprints are 0 to this, without it. */
  readonly fingerprints: number;
}

/** The honest accounts of a world. */
export function honestAccounts(random: Random): HonestPopulation {
  const accounts: Account[] = [];
  let fingerprints = commonFingerprint; // before it is that of its new version
  for (const [name, kind] of Object.entries<HonestKind>(honestKinds)) {
    if (!random.isOneIn(kind.inWorlds ?? 1)) continue;
    const offices = Array.from({ length: kind.fingerprints }, () => ({
      zone: drawZone(random),
      opened: Math.floor(random.between(-1, days - 1)) * 24 + 7,
    }));
    const mixes = Array.from({ length: kind.fingerprints }, () => mixesOf(random));
    for (let each = 0; each < kind.accounts; each++) {
      const rank = kind.even ? random.below(kind.fingerprints) : drawRank(random, kind.fingerprints);
      accounts.push(
        honestAccount(random, {
          ...{ id: accounts.length, kind, fingerprint: fingerprints + rank, name: name as HonestKindName },
          office: kind.together && offices[rank],
          mixes: (kind.alike && mixes[rank]) ?? mixesOf(random),
        }),
      );
    }
    fingerprints += kind.fingerprints;
  }
  return { accounts, fingerprints };
}

function honestAccount(
  random: Random,
  given: {
    id: number;
    name: HonestKindName;
    kind: HonestKind;
    fingerprint: number;
    office: { zone: number; opened: number } | undefined;
    mixes: readonly From<RouteMix>[];
  },
): Account {
  const { id, name, kind, fingerprint, office, mixes } = given;
  const rhythm = kind.rhythms[random.below(kind.rhythms.length)] ?? 'work';
  const [median, deviation] = kind.perDay;
  const { opened, closed } = lifeOf(random, kind, office?.opened);
  return {
    ...{ id, opened, closed, mixes, minutes: kind.minutes },
    fingerprints: fingerprintsOf(random, name, fingerprint),
    perDay: median * Math.exp(deviation * random.normal()),
    activeDays: random.between(...kind.activeDays),
    week: weekOf(rhythm, office?.zone ?? drawZone(random)),
    bytes: Math.exp(0.5 * random.normal()),
    whenLimited: whenLimited(random),
  };
}

function lifeOf(random: Random, { shortLived = 0, since }: HonestKind, office: number | undefined) {
  if (office !== undefined) return { opened: office + random.below(10), closed: hours };
  if (since !== undefined) return { opened: Math.floor(random.between(since, days) * 24), closed: hours };
  if (random.isOneIn(shortLived)) {
    const opened = random.below(days) * 24 + 7 + random.below(10);
    return { opened, closed: opened + 1 + random.below(20) };
  }
  if (!random.isOneIn(joins)) return { opened: -1, closed: hours };
  const opened = random.isOneIn(onLaunch) ? launchDay * 24 + 8 + random.below(16) : random.below(hours);
  return { opened, closed: random.isOneIn(leavesSoon) ? opened + 1 + random.below(72) : hours };
}

function fingerprintsOf(random: Random, name: HonestKindName, fingerprint: number): From<number>[] {
  const first = { hour: 0, value: fingerprint };
  if (name !== 'sdk' || !random.isOneIn(release.share)) return [first];
  const after = -release.meanHours * Math.log(1 - random.share());
  return [first, { hour: Math.ceil(release.day * 24 + after), value: newVersion }];
}

/** One to three routes; the first version of one is left for the second, and a new one is tried when it is there. */
function mixesOf(random: Random): From<RouteMix>[] {
  const usual = [place.answersV1, place.answersV1, place.answersV1, place.summaries, place.documents, place.searches];
  const shares: Record<number, number> = {};
  for (let each = 0; each <= random.below(3); each++)
    shares[usual[random.below(usual.length)] ?? 0] = 0.2 + random.share();
  const phases: From<RouteMix>[] = [{ hour: 0, value: mixOf(shares) }];
  const changes: { hour: number; change(): void }[] = [];
  if (shares[place.answersV1] !== undefined && random.isOneIn(migration.share))
    changes.push({
      hour: Math.floor(random.between(migration.from, migration.to) * 24),
      change: () => {
        shares[place.answersV2] = shares[place.answersV1] ?? 0;
        delete shares[place.answersV1];
      },
    });
  if (random.isOneIn(0.25))
    changes.push({
      hour: Math.floor(random.between(launchDay, launchDay + 2) * 24),
      change: () => {
        const sum = Object.values(shares).reduce((all, share) => all + share, 0);
        shares[place.drafts] = sum * random.between(0.2, 1.5);
      },
    });
  for (const { hour, change } of changes.toSorted((a, b) => a.hour - b.hour)) {
    change();
    phases.push({ hour, value: mixOf(shares) });
  }
  return phases;
}

/** Some clients go to another route for a while when they are refused; a few take the new version at last. */
function whenLimited(random: Random): Account['whenLimited'] {
  if (!random.isOneIn(failsOver)) return undefined;
  const forGood = random.isOneIn(0.3);
  const to = forGood ? place.answersV2 : place.summaries;
  return { mix: mixOf({ [to]: 1 }), afterHours: random.below(24), forHours: forGood ? hours : 1 + random.below(12) };
}
