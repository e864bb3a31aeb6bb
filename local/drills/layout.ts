/** The stretches that a drill captures, in this order, each in real time and once. */
export const stretchNames = ['calm', 'onset', 'fault', 'recovery'] as const;
export type StretchName = (typeof stretchNames)[number];

/** A captured stretch. Times are milliseconds since 1970. */
export interface Stretch {
  name: StretchName;
  from: number;
  until: number;
}

/** A part of the time line that copies one stretch: for so many minutes, or once. */
export interface Piece {
  stretch: StretchName;
  minutes: number | 'once';
  /** Of the copies one in so many is laid, and its rows stand for so many, as those of sampled telemetry do. */
  oneIn?: number;
}

/** How a time line is laid of captured stretches. */
export interface Layout {
  /** How long each stretch is captured, in seconds. */
  seconds: Readonly<Record<StretchName, number>>;
  pieces: readonly Piece[];
  /** Minutes before the fault from which rules are judged; what comes before fills their windows. */
  judgedBefore: number;
}

/** A copy of a stretch at its place on the time line. */
export interface LaidCopy {
  /** Counts all copies: what ids get, so that they are new. */
  number: number;
  stretch: StretchName;
  /** Milliseconds since 1970 at which it begins. */
  at: number;
  weight: number;
  /** How many copies of the same piece come before it: by so many steps ages and counts have grown. */
  before: number;
}

export interface TimeLine {
  copies: readonly LaidCopy[];
  /** Milliseconds since 1970. */
  judgedFrom: number;
  faultAt: number;
  until: number;
}

const usualSeconds = { calm: 8, onset: 8, fault: 10, recovery: 8 };

/** What of a layout a drill changes. */
export interface LayoutChanges {
  seconds?: Partial<Layout['seconds']> | undefined;
  /** Minutes for which the fault is laid. */
  faultMinutes?: number | undefined;
  pieces?: readonly Piece[] | undefined;
}

/**
 * The usual layout: a day of thinned calm that fills the longest windows, three quarters of an hour of calm, the fault coming and staying, the
 * recovery, and calm again for as long as alerts take to end.
 */
export function usualLayout({ seconds = {}, faultMinutes = 20, pieces }: LayoutChanges = {}): Layout {
  return {
    seconds: { ...usualSeconds, ...seconds },
    pieces: pieces ?? [
      { stretch: 'calm', minutes: 23 * 60, oneIn: 60 },
      { stretch: 'calm', minutes: 45 },
      { stretch: 'onset', minutes: 'once' },
      { stretch: 'fault', minutes: faultMinutes },
      { stretch: 'recovery', minutes: 'once' },
      { stretch: 'calm', minutes: 40 },
    ],
    judgedBefore: 30,
  };
}

const MINUTE_MS = 60_000;

/** Lays copies of the captured stretches one after the other, so that the first copy of the onset begins at a whole minute. */
export function layStretches(stretches: readonly Stretch[], { pieces, judgedBefore }: Layout): TimeLine {
  const lengthOf = (name: StretchName): number => {
    const found = stretches.find((stretch) => stretch.name === name);
    if (!found) throw new Error(`The stretch "${name}" was not captured.`);
    return found.until - found.from;
  };
  const copies: LaidCopy[] = [];
  let at = 0;
  let faultAt: number | undefined;
  for (const { stretch, minutes, oneIn = 1 } of pieces) {
    const length = lengthOf(stretch);
    const count = minutes === 'once' ? 1 : Math.round((minutes * MINUTE_MS) / length);
    if (stretch === 'onset') faultAt ??= at;
    for (let before = 0; before < count; before++) {
      if (before % oneIn === 0) copies.push({ number: copies.length, stretch, at, weight: oneIn, before });
      at += length;
    }
  }
  const onset = stretches.find(({ name }) => name === 'onset') ?? stretches[0];
  const origin = Math.floor((onset?.from ?? 0) / MINUTE_MS) * MINUTE_MS - (faultAt ?? 0);
  const laidFaultAt = origin + (faultAt ?? 0);
  return {
    copies: copies.map((copy) => ({ ...copy, at: origin + copy.at })),
    judgedFrom: laidFaultAt - judgedBefore * MINUTE_MS,
    faultAt: laidFaultAt,
    until: origin + at,
  };
}

/** The layout in words, a line for each piece. */
export function describeLayout({ seconds, pieces }: Layout): string[] {
  return pieces.map(({ stretch, minutes, oneIn = 1 }) => {
    const captured = `${seconds[stretch]} s of ${stretch}`;
    if (minutes === 'once') return `${captured}, once`;
    const thinned = oneIn === 1 ? '' : `, one copy in ${oneIn} standing for ${oneIn}`;
    return `${captured}, laid for ${minutes} min${thinned}`;
  });
}
