import { hours } from '../world/account.ts';
import type { TrafficSink } from '../world/traffic.ts';

/** One call of the last hour. */
export interface LastCall {
  readonly account: number;
  readonly fingerprint: number;
  readonly route: number;
}

const lastHour = hours - 1;

/** Takes the first calls of the last hour by themselves and hands all that came before to another sink. What is beyond is left out. */
export function splitLastHour(before: TrafficSink, most: number): TrafficSink & { calls: LastCall[] } {
  const calls: LastCall[] = [];
  return {
    calls,
    called(each) {
      if (each.hour < lastHour) return before.called(each);
      const { account, fingerprint, route } = each;
      for (let call = 0; call < each.calls && calls.length < most; call++)
        calls.push({ account: account.id, fingerprint, route });
    },
    refused: (each) => void (Math.floor(each.minute / 60) < lastHour && before.refused(each)),
    hourEnds: (hour) => void (hour < lastHour && before.hourEnds(hour)),
  };
}
