import { type Account, meanBytes, place, processes, routes } from './account.ts';
import type { Random } from './random.ts';
import type { AccountState, TrafficSink } from './traffic.ts';

/** Calls a minute that one process allows a caller. */
const limit = 12;
/** The old route refuses all for two hours, so that customers notice. */
const warning = { from: 8 * 24 + 10, until: 8 * 24 + 12, route: place.answersV1, limit: 0 } as const;
const limitAt = (hour: number, route: number): number =>
  route === warning.route && hour >= warning.from && hour < warning.until ? warning.limit : limit;

const minutesOfHour = 60;

/** Calls of one hour that begin in a minute of it. */
interface Session {
  readonly hour: number;
  readonly start: number;
  readonly calls: number;
  readonly minutes: number;
}

/** Spreads the calls of an account in an hour over routes, processes and minutes, and lets the limit refuse some. */
export function createSpreader(random: Random, sink: TrafficSink) {
  const counts = new Int32Array(routes.length * processes);

  const count = ({ away, mix: usual }: AccountState, hour: number, calls: number): void => {
    const mix = away && hour >= away.from && hour < away.until ? away.mix : usual;
    counts.fill(0);
    for (let call = 0; call < calls; call++) {
      const drawn = random.share();
      let route = 0;
      while (drawn >= (mix[route] ?? 1)) route += 1;
      const at = route * processes + random.below(processes);
      counts[at] = (counts[at] ?? 0) + 1;
    }
  };

  return (account: Account, state: AccountState, { hour, start, calls: all, minutes }: Session): void => {
    count(state, hour, all);
    const { fingerprint } = state;
    for (let at = 0; at < counts.length; at++) {
      const calls = counts[at] ?? 0;
      if (calls === 0) continue;
      const [route, process] = [Math.floor(at / processes), at % processes];
      const bytes = Math.round(calls * (meanBytes[route] ?? 0) * account.bytes);
      sink.called({ account, fingerprint, hour, route, process, calls, bytes, minute: start });
      const allowed = limitAt(hour, route);
      if (calls <= allowed) continue;
      const perMinute = spreadOver(random, calls, minutes);
      for (const [offset, inMinute] of perMinute.entries()) {
        if (inMinute <= allowed) continue;
        const over = { minute: hour * minutesOfHour + start + offset, calls: inMinute - allowed };
        sink.refused({ account, fingerprint, process, route, ...over });
        goAway(account, state, hour);
      }
    }
  };
}

function spreadOver(random: Random, calls: number, minutes: number): Int32Array {
  const perMinute = new Int32Array(minutes);
  for (let call = 0; call < calls; call++) {
    const minute = random.below(minutes);
    perMinute[minute] = (perMinute[minute] ?? 0) + 1;
  }
  return perMinute;
}

/** A client that answers a refusal with another route does so once. */
function goAway({ whenLimited }: Account, state: AccountState, hour: number): void {
  if (!whenLimited || state.away) return;
  const from = hour + whenLimited.afterHours;
  state.away = { mix: whenLimited.mix, from, until: from + whenLimited.forHours };
}
