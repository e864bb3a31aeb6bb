import { type Account, type From, hours, type RouteMix } from './account.ts';
import type { Random } from './random.ts';
import { createSpreader } from './spread-calls.ts';

/** The calls of one account in one hour on one route of one process. */
export interface CallsOfHour {
  readonly account: Account;
  readonly fingerprint: number;
  /** From the beginning of the fourteen days. */
  readonly hour: number;
  readonly process: number;
  readonly route: number;
  readonly calls: number;
  readonly bytes: number;
  /** Of the hour, in which the account began. */
  readonly minute: number;
}

/** Calls that the limit refused; they are among those of the hour. */
export interface RefusedCalls {
  readonly account: Account;
  readonly fingerprint: number;
  /** From the beginning of the fourteen days. */
  readonly minute: number;
  readonly process: number;
  readonly route: number;
  readonly calls: number;
}

/** Hears what was called, hour by hour. */
export interface TrafficSink {
  called(calls: CallsOfHour): void;
  refused(calls: RefusedCalls): void;
  hourEnds(hour: number): void;
}

/** What an account does now. */
export interface AccountState {
  fingerprint: number;
  mix: RouteMix;
  isActive: boolean;
  away: { mix: RouteMix; from: number; until: number } | undefined;
}

/** Lets accounts call for fourteen days, or until the end of the hour in which it is enough. */
export function runTraffic(
  random: Random,
  accounts: readonly Account[],
  sink: TrafficSink,
  isEnough = (): boolean => false,
): void {
  const states = accounts.map(
    ({ mixes, fingerprints }): AccountState => ({
      ...{ fingerprint: fingerprints[0]?.value ?? 0, mix: mixes[0]?.value ?? [], isActive: false, away: undefined },
    }),
  );
  const spread = createSpreader(random, sink);
  for (let hour = 0; hour < hours && !isEnough(); hour++) {
    const first = random.below(accounts.length || 1); // no account is always the first of an hour
    for (let each = 0; each < accounts.length; each++) {
      const at = (first + each) % accounts.length;
      const account = accounts[at];
      const state = states[at];
      if (!account || !state) continue;
      if (hour % 24 === 0 || hour === account.opened) state.isActive = random.isOneIn(account.activeDays);
      if (hour < account.opened || hour >= account.closed) continue;
      const pushes = account.push?.hour === hour;
      if (!state.isActive && !pushes) continue;
      const usual = random.poisson(
        (account.perDay / account.activeDays / 24) * (account.week[hour % account.week.length] ?? 0),
      );
      if (usual === 0 && !pushes) continue;
      state.fingerprint = valueAt(account.fingerprints, hour, state.fingerprint);
      state.mix = valueAt(account.mixes, hour, state.mix);
      const start = random.below(61 - account.minutes);
      if (usual > 0) spread(account, state, { hour, start, calls: usual, minutes: account.minutes });
      if (pushes && account.push) spread(account, state, { ...account.push, start });
    }
    sink.hourEnds(hour);
  }
}

function valueAt<Value>(phases: readonly From<Value>[], hour: number, otherwise: Value): Value {
  for (let at = phases.length - 1; at >= 0; at--) {
    const phase = phases[at];
    if (phase && phase.hour <= hour) return phase.value;
  }
  return otherwise;
}
