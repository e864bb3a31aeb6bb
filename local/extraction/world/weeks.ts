import type { Random } from './random.ts';

const hoursOfWeek = 168;

/** When in a week a client calls, in the time of its place. */
export type Rhythm = 'work' | 'evening' | 'service' | 'always' | 'night';

/** The weight of an hour of the day; of the weekend, the share of a working day that it keeps. */
const rhythms: Readonly<Record<Rhythm, { weekend: number; weight(hour: number): number }>> = {
  work: { weekend: 0.12, weight: (hour) => (hour >= 8 && hour < 18 ? (hour === 12 ? 0.6 : 1) : 0.05) },
  evening: { weekend: 1.2, weight: (hour) => 0.08 + Math.exp(-((((hour - 20 + 36) % 24) - 12) ** 2) / 18) },
  // A product of the customer's own, whose people wake and sleep.
  service: { weekend: 0.75, weight: (hour) => 1 + 0.75 * Math.sin((2 * Math.PI * (hour - 8)) / 24) },
  always: { weekend: 1, weight: () => 1 },
  night: { weekend: 1, weight: (hour) => (hour >= 1 && hour < 4 ? 1 : 0) },
};

/** Hours from UTC: Europe, America, Asia and the Pacific, as customers are spread. */
const zones: readonly [share: number, from: number, to: number][] = [
  [0.55, 0, 2],
  [0.3, -8, -4],
  [0.15, 5, 10],
];

export function drawZone(random: Random): number {
  let left = random.share();
  for (const [share, from, to] of zones) {
    if (left < share) return Math.round(random.between(from, to));
    left -= share;
  }
  return 0;
}

const kept = new Map<string, Float64Array>();

/** The weights of a week from Monday 0:00 UTC, 1 in the mean. */
export function weekOf(rhythm: Rhythm, zone: number): Float64Array {
  const key = `${rhythm} ${zone}`;
  const found = kept.get(key);
  if (found) return found;
  const { weekend, weight } = rhythms[rhythm];
  const week = Float64Array.from({ length: hoursOfWeek }, (_, utc) => {
    const local = (utc + zone + hoursOfWeek) % hoursOfWeek;
    return weight(local % 24) * (local >= 5 * 24 ? weekend : 1);
  });
  const mean = week.reduce((sum, each) => sum + each, 0) / hoursOfWeek;
  const scaled = week.map((each) => each / mean);
  kept.set(key, scaled);
  return scaled;
}
