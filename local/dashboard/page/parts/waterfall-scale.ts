/** A piece of time of a transaction. Without `ms` it is a moment. Times are milliseconds on any one clock. */
export interface Stretch {
  start: number;
  ms?: number | undefined;
  /** Nothing was done: a message waited. Such time may be folded. */
  waits?: boolean | undefined;
}

/** One part of the scale: work in proportion, or idle time that is folded when it would take too much room. */
export interface Segment {
  from: number;
  to: number;
  left: number;
  width: number;
  idle: boolean;
  folded: boolean;
}

export interface WaterfallScale {
  width: number;
  segments: readonly Segment[];
  /** Pixels from the left edge. A later time is never left of an earlier one. */
  x(time: number): number;
  /** The time at a pixel. */
  time(x: number): number;
}

const JOINED_MS = 200;
const FOLD_PX = 54;
const WIDEST_IDLE_PX = 108;
const MOST_FOLDS = 12;
const LEAST_WORK_PX = 24;
const LEAST_MOMENT_PX = 6;
const MOMENT_MS = 20;
const LEFT_PX = 8;
const RIGHT_PX = 70;

/**
 * The scale on which a transaction of seconds of work in minutes of waiting can be read: work keeps one linear scale, the
 * longest idle stretches become `FOLD_PX` each until none is wider than `WIDEST_IDLE_PX`. `unfolded` names the starts of
 * stretches that a person opened; `fold: false` folds none. Where the room is too small, the result is wider than `width`.
 */
export function createWaterfallScale(
  stretches: readonly Stretch[],
  {
    width,
    fold = true,
    unfolded = new Set<number>(),
  }: { width: number; fold?: boolean; unfolded?: ReadonlySet<number> },
): WaterfallScale {
  const parts = partsOf(stretches);
  const room = Math.max(1, width - LEFT_PX - RIGHT_PX);
  const folded = new Set<Part>();
  let perMs = scaleFor(parts, folded, room);
  while (fold && folded.size < MOST_FOLDS) {
    const widest = parts
      .filter((part) => part.idle && !folded.has(part) && !unfolded.has(part.from))
      .reduce<Part | undefined>((most, part) => (most && lengthOf(most) >= lengthOf(part) ? most : part), undefined);
    if (!widest || lengthOf(widest) * perMs <= WIDEST_IDLE_PX) break;
    folded.add(widest);
    perMs = scaleFor(parts, folded, room);
  }
  let left = LEFT_PX;
  const segments = parts.map((part): Segment => {
    const isFolded = folded.has(part);
    const segment = { ...part, left, width: widthOf(part, isFolded, perMs), folded: isFolded };
    left += segment.width;
    return segment;
  });
  return { width: Math.max(width, left + RIGHT_PX), segments, ...mapping(segments) };
}

interface Part {
  from: number;
  to: number;
  idle: boolean;
}

const lengthOf = ({ from, to }: Part) => to - from;

/** Work, joined where less than `JOINED_MS` lies between, and the idle time between it. */
function partsOf(stretches: readonly Stretch[]): Part[] {
  const ends = stretches.map(({ start, ms = 0 }) => ({ from: start, to: start + Math.max(0, ms) }));
  if (ends.length === 0) return [{ from: 0, to: 0, idle: false }];
  const work = ends.filter((_, index) => !stretches[index]?.waits).sort((a, b) => a.from - b.from);
  const last = Math.max(...ends.map(({ to }) => to));
  const parts: Part[] = [];
  let reached = Math.min(...ends.map(({ from }) => from));
  for (const { from, to } of [...work, { from: last, to: last }]) {
    const previous = parts.at(-1);
    if (previous && from - reached < JOINED_MS) previous.to = Math.max(previous.to, to);
    else {
      if (from > reached) parts.push({ from: reached, to: from, idle: true });
      parts.push({ from, to, idle: false });
    }
    reached = Math.max(reached, to);
  }
  return parts;
}

function widthOf(part: Part, folded: boolean, perMs: number): number {
  if (folded) return FOLD_PX;
  if (part.idle) return lengthOf(part) * perMs;
  return Math.max(lengthOf(part) < MOMENT_MS ? LEAST_MOMENT_PX : LEAST_WORK_PX, lengthOf(part) * perMs);
}

/** Pixels a millisecond so that all parts together fill the room: found by halving, for the sum only grows with it. */
function scaleFor(parts: readonly Part[], folded: ReadonlySet<Part>, room: number): number {
  const total = (perMs: number) => parts.reduce((sum, part) => sum + widthOf(part, folded.has(part), perMs), 0);
  const span = parts.reduce((sum, part) => sum + (folded.has(part) ? 0 : lengthOf(part)), 0);
  if (span === 0) return 0;
  let low = 0;
  let high = room / span;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (total(middle) > room) high = middle;
    else low = middle;
  }
  return low;
}

function mapping(segments: readonly Segment[]): Pick<WaterfallScale, 'x' | 'time'> {
  const first = segments[0] as Segment;
  const last = segments.at(-1) as Segment;
  return {
    x(time) {
      const segment = segments.find(({ to }) => time <= to) ?? last;
      return segment.left + shareOf(time - segment.from, segment.to - segment.from) * segment.width;
    },
    time(x) {
      const segment = segments.find(({ left, width }) => x <= left + width) ?? last;
      if (x <= first.left) return first.from;
      return segment.from + shareOf(x - segment.left, segment.width) * (segment.to - segment.from);
    },
  };
}

const shareOf = (part: number, whole: number) => (whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0);
