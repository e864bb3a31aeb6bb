import { expect, test } from 'vitest';
import { createForecast } from '../../../../src/observability/modules/cost-meter/forecast.ts';
import { createVolume } from '../../../../src/observability/modules/cost-meter/volume.ts';
import { recordedLog } from '../../../platform/recorded-log.ts';

const minute = 60_000;
const mb = 1e6;

/** A replica that starts at `startsAt` (UTC), of as many as `maxReplicas` that share the cap. */
function replica({ startsAt = '10:30', dailyCapMb = 500, maxReplicas = 1 } = {}) {
  let now = Date.parse(`2026-11-22T${startsAt}:00Z`);
  const clock = { now: () => new Date(now) };
  const log = recordedLog();
  const volume = createVolume(clock);
  const context = {
    cost: { dailyCapMb, monthlyBudget: 0 },
    variables: { MAX_REPLICAS: maxReplicas },
    service: { instance: 'replica-1' },
    clock,
    log,
  } as unknown as Parameters<typeof createForecast>[2];
  const check = createForecast(volume, { price: 2.3, free: 5, currency: 'USD' }, context);
  return {
    check,
    facts: async () => (await check()).facts,
    warnings: () => log.lines.filter(({ severity }) => severity === 'warning'),
    /** So many minutes, in each of which it sends so many bytes. */
    pass(minutes: number, bytesAMinute = 0) {
      for (let n = 0; n < minutes; n++) {
        if (bytesAMinute > 0) volume.add('AppTraces', bytesAMinute);
        now += minute;
      }
    },
  };
}

test('in the first five minutes it tells what it counted and forecasts nothing', async () => {
  const { pass, check } = replica();
  pass(4, 100 * mb);
  const AppTraces = { items: 4, bytes: 400 * mb };
  expect(await check()).toEqual({ ok: true, facts: { instance: 'replica-1', thisHour: { AppTraces }, lastHour: {} } });
});

test('before a full hour has passed the rate since the start counts for the rest of the day', async () => {
  const { pass, facts } = replica({ startsAt: '12:00', dailyCapMb: 5_000 });
  pass(30, mb);
  // 30 MB in half an hour, and 11.5 hours to come at 60 MB an hour.
  expect((await facts())?.today).toEqual({ mb: 30 + 690, shareOfCapMb: 5_000 });
});

test('later the running hour and the full one before it make the rate, and what was sent since midnight is added', async () => {
  const { pass, facts } = replica({ startsAt: '00:00', dailyCapMb: 5_000 });
  pass(10 * 60, mb);
  pass(60, 2 * mb);
  pass(30, 4 * mb);
  // Sent: 600, 120 and 120 MB. The last hour and a half: 160 MB an hour, for 12.5 hours.
  expect((await facts())?.today).toEqual({ mb: 840 + 160 * 12.5, shareOfCapMb: 5_000 });
});

test('of the day before only the rate is left', async () => {
  const { pass, facts } = replica({ startsAt: '20:00', dailyCapMb: 50_000 });
  pass(4 * 60, mb);
  pass(30, 3 * mb);
  // An hour of 60 MB and half an hour of 90 MB: 100 MB an hour, for 23.5 hours.
  expect((await facts())?.today).toEqual({ mb: 90 + 2_350, shareOfCapMb: 50_000 });
});

test('a month is 730 hours at the mean rate of the last day, paid for beyond what is free', async () => {
  const { pass, facts } = replica({ startsAt: '00:30', dailyCapMb: 50_000 });
  pass(60 * 48, 0.5 * mb);
  const gb = 0.03 * 730;
  expect((await facts())?.month).toEqual({ gb, money: Number(((gb - 5) * 2.3).toFixed(2)), currency: 'USD' });
});

test('a volume below what is free costs nothing', async () => {
  const { pass, facts } = replica();
  pass(10, 1_000);
  expect((await facts())?.month).toEqual({ gb: 0.044, money: 0, currency: 'USD' });
});

test('replicas share the cap and the free amount', async () => {
  const { pass, facts } = replica({ startsAt: '00:00', dailyCapMb: 1_000, maxReplicas: 4 });
  pass(60, mb / 10);
  const gb = 0.006 * 730;
  const money = Number(((gb - 5 / 4) * 2.3).toFixed(2));
  expect(await facts()).toMatchObject({ today: { shareOfCapMb: 250 }, month: { gb, money } });
});

test('below 80 percent of its part of the cap a replica is well', async () => {
  const { pass, check, warnings } = replica({ startsAt: '00:00', dailyCapMb: 1_810 });
  pass(60, mb);
  // 1440 MB of 1810.
  expect(await check()).toMatchObject({ ok: true, facts: { today: { mb: 1_440 } } });
  expect(warnings()).toEqual([]);
});

test('from 80 percent of its part on it is not, and says so with figures, its name and what to do', async () => {
  const { pass, check, warnings } = replica({ startsAt: '00:00', dailyCapMb: 3_600, maxReplicas: 2 });
  pass(60, mb);
  const reason =
    'replica-1 will have sent 1440 MB of telemetry by the end of the day (UTC), 80 % of its part of cost.dailyCapMb (3600 MB, MAX_REPLICAS is 2): send less or raise the cap, as docs/modules/cost-meter.md says';
  expect(await check()).toMatchObject({ ok: false, reason, facts: { today: { mb: 1_440, shareOfCapMb: 1_800 } } });
  expect(warnings()).toMatchObject([{ message: 'telemetry nears its daily cap', fields: { reason } }]);
});

test('it warns once a day, however often it is asked, and is well again when it sends less', async () => {
  const { pass, check, warnings } = replica({ startsAt: '00:00', dailyCapMb: 500 });
  for (let n = 0; n < 120; n++) {
    pass(1, mb);
    await check();
  }
  expect(warnings()).toHaveLength(1);
  pass(22 * 60);
  pass(6 * 60);
  expect((await check()).ok).toBe(true);
  pass(60, 100 * mb);
  expect((await check()).ok).toBe(false);
  expect(warnings()).toHaveLength(2);
});

test('it stays exact over an hour that begins while it counts', async () => {
  const { pass, facts } = replica({ startsAt: '10:55' });
  pass(10, mb);
  const counted = await facts();
  const of = (items: number) => ({ AppTraces: { items, bytes: items * mb } });
  expect(counted).toMatchObject({ lastHour: of(5), thisHour: of(5) });
});
