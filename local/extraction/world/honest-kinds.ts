import type { Random } from './random.ts';
import type { Rhythm } from './weeks.ts';

/** One kind of honest customers. */
export interface HonestKind {
  accounts: number;
  /** How many fingerprints they have between them; the first ones have most accounts. */
  fingerprints: number;
  /** Of calls a day: the median, and the deviation of its logarithm. */
  perDay: readonly [median: number, deviation: number];
  activeDays: readonly [from: number, to: number];
  rhythms: readonly Rhythm[];
  /** Minutes of an hour over which calls are spread. */
  minutes: number;
  /** All accounts of a fingerprint are in one place and were opened within a day. */
  together?: true;
  /** The share that lives for some hours only. */
  shortLived?: number;
  /** All accounts of a fingerprint call the same routes. */
  alike?: true;
  /** The day from which they are opened, all within the fourteen. */
  since?: number;
  /** The share of worlds in which there are such customers; all when left out. */
  inWorlds?: number;
  /** No fingerprint has more accounts than another but by chance. */
  even?: true;
}

/**
 * 24,000 honest accounts, with what looks like an attack and is none: one SDK of 10,000 accounts, offices that share one client and
 * one address (no address is in a fingerprint), batches at night, pipelines whose accounts live for hours, devices that call day
 * and night and, in one world of three, a new kind of them.
 */
export const honestKinds = {
  sdk: {
    ...{ accounts: 10_000, fingerprints: 1, perDay: [20, 1.4], activeDays: [0.3, 1], minutes: 5 },
    rhythms: ['service', 'service', 'work', 'work', 'always'],
  },
  otherSdks: {
    ...{ accounts: 5_000, fingerprints: 12, perDay: [20, 1.4], activeDays: [0.3, 1], minutes: 5 },
    rhythms: ['service', 'service', 'work', 'work', 'always'],
  },
  browsers: {
    ...{ accounts: 4_400, fingerprints: 40, perDay: [20, 1], activeDays: [0.1, 0.6], minutes: 10 },
    rhythms: ['evening', 'work'],
  },
  offices: {
    ...{ accounts: 600, fingerprints: 4, perDay: [20, 0.8], activeDays: [0.5, 0.9], minutes: 10 },
    ...{ rhythms: ['work'], together: true },
  },
  pipelines: {
    ...{ accounts: 400, fingerprints: 3, perDay: [30, 0.8], activeDays: [0.6, 0.9], minutes: 3 },
    ...{ rhythms: ['work'], shortLived: 0.5 },
  },
  batches: {
    ...{ accounts: 100, fingerprints: 10, perDay: [1_500, 0.8], activeDays: [0.7, 1], minutes: 50, rhythms: ['night'] },
  },
  devices: {
    ...{ accounts: 500, fingerprints: 6, perDay: [60, 0.3], activeDays: [0.97, 1], minutes: 60, rhythms: ['always'] },
    alike: true,
  },
  newDevices: {
    ...{ accounts: 80, fingerprints: 1, perDay: [60, 0.3], activeDays: [0.97, 1], minutes: 60, rhythms: ['always'] },
    ...{ alike: true, since: 2, inWorlds: 1 / 3 },
  },
  ownClients: {
    ...{ accounts: 3_000, fingerprints: 1_700, perDay: [20, 1.4], activeDays: [0.2, 1], minutes: 5 },
    even: true,
    rhythms: ['service', 'work', 'work', 'always'],
  },
} as const satisfies Readonly<Record<string, HonestKind>>;

export type HonestKindName = keyof typeof honestKinds;

/** A place among `count`, of which the first come most often: as one over its rank. */
export function drawRank(random: Random, count: number): number {
  return Math.min(count - 1, Math.floor((count + 1) ** random.share()) - 1);
}
