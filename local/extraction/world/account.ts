/** Days that Sentinel's longest look-back holds, and that are generated. */
export const days = 14;
export const hours = days * 24;
/** A Monday. */
export const beginsAt = Date.parse('2026-03-02T00:00:00Z');
export const endsAt = beginsAt + hours * 3_600_000;
/** Processes among which the ingress spreads calls. */
export const processes = 2;

export const routes = [
  'POST /v1/answers',
  'POST /v2/answers',
  'POST /summaries',
  'GET /documents/:id',
  'POST /searches',
  'POST /drafts',
] as const;
/** Their places in `routes`. */
export const place = { answersV1: 0, answersV2: 1, summaries: 2, documents: 3, searches: 4, drafts: 5 } as const;
/** Mean bytes of an answer, by route. */
export const meanBytes: readonly number[] = [4_000, 4_000, 2_500, 12_000, 1_500, 6_000];

/** Shares of the routes, summed up from the first to the last, which is 1. */
export type RouteMix = readonly number[];

/** What holds from an hour on. */
export interface From<Value> {
  readonly hour: number;
  readonly value: Value;
}

/** One account of the API, honest or not: nothing here says which. Hours count from the beginning of the fourteen days. */
export interface Account {
  readonly id: number;
  /** The hour of its first possible call; negative when it was there before. */
  readonly opened: number;
  /** The hour from which it calls no more. */
  readonly closed: number;
  /** Of the client that it calls with, oldest first. */
  readonly fingerprints: readonly From<number>[];
  readonly mixes: readonly From<RouteMix>[];
  /** Calls on a mean day of its life. */
  readonly perDay: number;
  /** The share of days on which it calls at all. */
  readonly activeDays: number;
  /** Weight of each hour of the week, from Monday 0:00 UTC; 1 in the mean. */
  readonly week: Float64Array;
  /** Times the bytes that are usual for a route. */
  readonly bytes: number;
  /** Minutes of an hour over which its calls are spread. */
  readonly minutes: number;
  /** What it does when it is refused by a limit: nothing, or another mix for so many hours, or for good. */
  readonly whenLimited: { readonly mix: RouteMix; readonly afterHours: number; readonly forHours: number } | undefined;
  /** Calls beyond the usual ones in one hour. */
  readonly push?: { readonly hour: number; readonly calls: number; readonly minutes: number } | undefined;
}

/** Sums up the shares of a mix. */
export function mixOf(shares: Readonly<Record<number, number>>): RouteMix {
  const all = Object.values(shares).reduce((sum, share) => sum + share, 0);
  let sum = 0;
  return routes.map((_route, at) => {
    sum += (shares[at] ?? 0) / all;
    return at === routes.length - 1 ? 1 : sum;
  });
}
