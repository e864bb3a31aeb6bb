import { expect, test, vi } from 'vitest';
import { property } from '../../../../src/platform/message-properties.ts';
import type { Row } from '../../../application-insights/index.ts';
import { dying, startBench } from './operator-bench.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
const story = { correlationId: 'order-1', applicationProperties: { traceparent, 'Diagnostic-Id': traceparent } };
const propertiesOf = ({ Properties }: Row) => Properties as Record<string, string>;
const named = (rows: readonly Row[], name: string) => rows.filter(({ Name }) => Name === name);

test.concurrent('from level 3 on a replay is an event of the file, under one span with a link to its operator', async (context) => {
  const { bury, launch, receive, insights } = await startBench(context, { level: 3 });
  await bury(dying(1, story));
  const begun = new Date().toISOString();
  const { code, stdout, stderr } = await launch('replay --yes --json --actor ann').ended;
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('"severity"')]);
  const { replayId } = JSON.parse(stdout);

  const [event] = named(insights.rows('AppEvents'), 'message.replayed');
  const told = { messageId: 'f0', source: 'parcels', reason: 'NoDepot', actor: 'ann', replayId };
  expect(event).toMatchObject({ OperationId: traceId, Properties: told });
  expect(event).toMatchObject({ AppRoleName: 'dead-letters', Properties: { correlationId: 'order-1' } });
  const [line] = insights.rows('AppTraces').filter(({ Message }) => Message === 'dead letter changed');
  expect(line).toMatchObject({
    OperationId: traceId,
    Properties: { ...told, action: 'replay', correlationId: 'order-1' },
  });

  const [sent] = named(insights.rows('AppDependencies'), 'send parcels');
  const [operator] = named(insights.rows('AppDependencies'), 'dead-letters replay');
  expect(sent).toMatchObject({ OperationId: traceId, ParentId: '00f067aa0ba902b7' });
  expect(JSON.parse(propertiesOf(sent as Row)['_MS.links'] ?? '')).toEqual([
    { operation_Id: operator?.OperationId, id: operator?.Id },
  ]);
  const [copy] = await receive('parcels', 1);
  expect(String(copy?.applicationProperties?.[property.firstEnqueuedAt]) >= begun).toBe(true);
  expect(copy?.applicationProperties).toMatchObject({
    traceparent: `00-${traceId}-${sent?.Id}-01`,
    'Diagnostic-Id': `00-${traceId}-${sent?.Id}-01`,
  });
  expect([insights.rows('AppMetrics'), insights.rows('AppPerformanceCounters')]).toEqual([[], []]);
});

test.concurrent('the event of a purge is of the message too, and none of many is missing', async (context) => {
  const { bury, launch, insights } = await startBench(context, { level: 3 });
  await bury(dying(5_000, story));
  const { code, stderr } = await launch('purge --yes --actor ann@example.org').ended;
  expect([code, stderr]).toEqual([0, expect.stringContaining('"actor":"ann@example.org"')]);
  const events = named(insights.rows('AppEvents'), 'message.purged');
  expect(JSON.stringify(events[0])).not.toContain('example.org'); // personal data stays on the terminal
  expect(new Set(events.map((row) => propertiesOf(row).messageId)).size).toBe(5_000);
  expect(new Set(events.map(({ OperationId }) => OperationId))).toEqual(new Set([traceId]));
});

test.concurrent('below level 3 there is a log line and no event, and a dry run tells telemetry nothing', async (context) => {
  const { bury, launch, insights } = await startBench(context, { level: 2 });
  await bury(dying(1, story));
  await launch('replay').ended;
  expect(Object.values(insights.counts()).filter(({ received }) => received > 0)).toEqual([]);
  await launch('replay --yes').ended;
  expect(insights.rows('AppEvents')).toEqual([]);
  expect(insights.rows('AppTraces')).toHaveLength(1);
});

test.concurrent('faults in the configuration, or telemetry that is away, hold up no replay', async (context) => {
  const { bury, launch, deadIds, names, insights } = await startBench(context, { level: 3 });
  await bury(dying(2));
  const faulty = await launch('replay --yes --max 1', [], { LOG_LEVEL: 'loud' }).ended;
  expect(faulty).toMatchObject({ code: 0, stderr: expect.stringContaining('LOG_LEVEL') });
  await insights.faults.mode('down');
  const silent = await launch('replay --yes').ended;
  expect(silent).toMatchObject({ code: 0, stderr: expect.stringContaining('telemetry was not delivered') });
  expect([await names(), deadIds()]).toEqual([['f0', 'f1'], []]);
});

test.concurrent('a replay that is interrupted ends what is in hand, tells of it, and gives the rest back', async (context) => {
  const { bury, launch, deadIds, ids, queue, insights } = await startBench(context, { level: 3 });
  await bury(dying(500, story));
  const { child, ended, audits } = launch('replay --yes --json --rate 20');
  await vi.waitFor(() => expect(audits()).toBeGreaterThan(3), { timeout: 60_000, interval: 20 });
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  expect([code, stderr]).toEqual([1, expect.stringContaining('Ends after the messages in progress.')]);
  const { replayed, missed } = JSON.parse(stdout);
  expect([replayed + missed, deadIds().length]).toEqual([500, missed]);
  // On a slow machine the lock of one ends between its copy and its completion: the next run repeats the copy's id.
  expect(ids().length).toBeGreaterThanOrEqual(replayed);
  expect(
    queue()
      .deadLetters?.peek(0, 500)
      .filter(({ lock }) => lock),
  ).toEqual([]);
  const told = named(insights.rows('AppEvents'), 'message.replayed').map((row) => propertiesOf(row).messageId);
  expect(new Set(told).size).toBe(ids().length);
});
