import { expect, test } from 'vitest';
import type { watchAccepted } from '../../../../src/observability/modules/cost-meter/accepted-items.ts';
import { setUp } from '../../../../src/observability/modules/cost-meter/index.ts';
import { recordedLog } from '../../../platform/recorded-log.ts';

type Policy = ReturnType<typeof watchAccepted>['policy'];

const item = (name: string) => ({
  time: '2026-11-22T10:00:00.123Z',
  iKey: 'key',
  sampleRate: 100,
  tags: {},
  data: { baseType: 'EventData', baseData: { ver: 2, name } },
});
const bytes = Buffer.byteLength('2026-11-22T10:00:00.1230000ZkeyPC0.0.0.0é1');

/** The module with a clock that begins at ten past ten, and its log. */
async function meter(applicationInsights?: string) {
  let now = Date.parse('2026-11-22T10:10:00Z');
  const log = recordedLog();
  const contribution = await setUp({
    settings: { applicationInsights },
    variables: { MAX_REPLICAS: 1 },
    cost: { dailyCapMb: 500, monthlyBudget: 0 },
    service: { name: 's', version: '1', instance: 'replica-1', roles: ['api'] },
    clock: { now: () => new Date(now) },
    log,
  } as unknown as Parameters<typeof setUp>[0]);
  const [policy] = contribution.azureMonitor?.azureMonitorExporterOptions?.additionalPolicies ?? [];
  return {
    contribution,
    log,
    later(minutes: number) {
      now += minutes * 60_000;
    },
    async deliver(body: string) {
      const answer = { status: 200 } as Awaited<ReturnType<Policy['sendRequest']>>;
      await policy?.policy.sendRequest({ body } as Parameters<Policy['sendRequest']>[0], async () => answer);
    },
    check: () => contribution.healthChecks?.[0]?.check(AbortSignal.timeout(1_000)),
  };
}

test('without a connection string nothing is sent, and nothing is counted', async () => {
  expect((await meter()).contribution).toEqual({});
});

test('what the exporter delivers is in the figures of the check, which no role needs', async () => {
  const { contribution, deliver, check, later } = await meter('InstrumentationKey=k');
  await deliver(JSON.stringify([item('é'), item('é')]));
  later(60);
  await deliver(JSON.stringify([item('é')]));
  expect(contribution.healthChecks).toMatchObject([{ name: 'telemetry-cost', needed: false }]);
  expect(await check()).toMatchObject({
    ok: true,
    facts: {
      instance: 'replica-1',
      thisHour: { AppEvents: { items: 1, bytes } },
      lastHour: { AppEvents: { items: 2, bytes: 2 * bytes } },
      month: { currency: 'USD' },
    },
  });
});

test('a batch of an unknown form is told once a minute, without a word of it', async () => {
  const { deliver, later, log } = await meter('InstrumentationKey=k');
  for (let n = 0; n < 5; n++) await deliver('{"secret":"HIDDEN"');
  later(2);
  await deliver('[{"secret":"HIDDEN"}]');
  expect(log.lines).toMatchObject([
    { severity: 'warning', message: 'telemetry has a problem' },
    { fields: { heldBack: 4 } },
  ]);
  expect(JSON.stringify(log.lines)).not.toContain('HIDDEN');
});
