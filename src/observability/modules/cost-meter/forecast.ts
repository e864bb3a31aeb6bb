import type { HealthOutcome } from '../../../platform/health.ts';
import type { ModuleContext, VariablesOf } from '../../module.ts';
import type { manifest } from './manifest.ts';
import type { TelemetryPrice } from './prices.ts';
import { hourMs, hoursOfDay, type Volume } from './volume.ts';

/** A rate over less time says more about the start than about the service. */
const firstForecastMs = 5 * 60_000;
const dayMs = hoursOfDay * hourMs;
const hoursOfMonth = 730;
const warnFrom = 0.8;

/**
 * Returns the health check: the figures of this replica, and not ok when it will send 80 % or more of its part of the daily
 * cap by the end of the day (UTC). It logs that at most once in 24 hours.
 *
 * The day: what was sent since midnight, and for the rest of it the rate of the running hour and the full one before it.
 * The month: the mean rate of the last 24 hours, for 730 hours.
 */
export function createForecast(
  volume: Volume,
  { price, free, currency }: TelemetryPrice,
  {
    cost: { dailyCapMb },
    variables: { MAX_REPLICAS: maxReplicas },
    service: { instance },
    clock,
    log,
  }: Omit<ModuleContext<unknown, VariablesOf<typeof manifest>>, 'section'>,
) {
  const now = () => clock.now().getTime();
  const startedAt = now();
  const shareMb = dailyCapMb / maxReplicas;
  let warnedAt = Number.NEGATIVE_INFINITY;

  /** Bytes an hour. */
  function rate(fullHours: number): number {
    const from = (Math.floor(now() / hourMs) - fullHours) * hourMs;
    return (volume.bytes(fullHours) * hourMs) / (now() - Math.max(from, startedAt));
  }

  return async function check(): Promise<HealthOutcome> {
    const counted = { instance, thisHour: volume.of(0), lastHour: volume.of(1) };
    if (now() - startedAt < firstForecastMs) return { ok: true, facts: counted };
    const ofDayMs = now() % dayMs;
    const dayMb = (volume.bytes(Math.floor(ofDayMs / hourMs)) + (rate(1) * (dayMs - ofDayMs)) / hourMs) / 1e6;
    const gb = (rate(hoursOfDay - 1) * hoursOfMonth) / 1e9;
    const money = Math.max(0, gb - free / maxReplicas) * price;
    const today = { mb: rounded(dayMb, 1), shareOfCapMb: rounded(shareMb, 1) };
    const facts = { ...counted, today, month: { gb: rounded(gb, 3), money: rounded(money, 2), currency } };
    if (dayMb < warnFrom * shareMb) return { ok: true, facts };
    const reason = `${instance} will have sent ${today.mb} MB of telemetry by the end of the day (UTC), ${rounded((100 * dayMb) / shareMb, 0)} % of its part of cost.dailyCapMb (${dailyCapMb} MB, MAX_REPLICAS is ${maxReplicas}): send less or raise the cap, as docs/modules/cost-meter.md says`;
    if (now() - warnedAt >= dayMs) {
      warnedAt = now();
      log.warning('telemetry nears its daily cap', { reason });
    }
    return { ok: false, reason, facts };
  };
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
