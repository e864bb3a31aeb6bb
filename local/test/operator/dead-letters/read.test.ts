import { expect, test } from 'vitest';
import { property } from '../../../../src/observability/modules/dead-letters/properties.ts';
import { dying, startBench } from './operator-bench.ts';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const story = [
  { time: '2026-03-01T08:00:00.000Z', attempt: 1, outcome: 'retried', reason: 'TransientFailure', host: 'replica-1' },
  {
    time: '2026-03-01T08:00:20.000Z',
    attempt: 2,
    outcome: 'dead-lettered',
    reason: 'NoDepot',
    host: 'replica-2',
  },
];
const levelTwo = {
  [property.attempts]: 2,
  [property.firstFailure]: '2026-03-01T08:00:00.000Z',
  [property.fingerprint]: 'abc123',
  [property.serviceVersion]: '1.2.3',
  [property.history]: JSON.stringify(story),
};

test.concurrent('list shows what a dead letter carries, and a level 1 one as far as it goes', async (context) => {
  const { bury, command } = await startBench(context);
  await bury([
    {
      messageId: 'a copy of a',
      body: Buffer.from('the content'),
      correlationId: 'order-1',
      applicationProperties: {
        [property.originalId]: 'a',
        [property.replayCount]: 1,
        ...{ traceparent: `00-${trace}-00f067aa0ba902b7-01`, history: "the sender's own", attempts: 7 },
      },
      dead: { ...levelTwo, [property.parked]: true, DeadLetterErrorDescription: 'failed at https://me:secret@host/' },
    },
    { messageId: 'b', body: 'text', dead: { DeadLetterReason: 'MaxDeliveryCountExceeded' } },
  ]);
  const { objects, out, code } = await command('list --json --parked --source parcels');
  expect(code).toBe(0);
  expect(objects()).toEqual([
    {
      id: 'a',
      sequence: 1,
      reason: 'NoDepot',
      fingerprint: 'abc123',
      description: 'failed at https://REDACTED@host/',
      attempts: 2,
      firstFailure: '2026-03-01T08:00:00.000Z',
      deadLetteredAt: '2026-03-01T08:00:20.000Z',
      correlationId: 'order-1',
      traceId: trace,
      replays: 1,
      parked: true,
    },
    expect.objectContaining({
      ...{ id: 'b', reason: 'MaxDeliveryCountExceeded', fingerprint: null, firstFailure: null, traceId: null },
      ...{ correlationId: null, replays: 0, parked: false, deadLetteredAt: expect.any(String) },
    }),
  ]);
  expect(out.join()).not.toContain('content');
});

test.concurrent('each filter leaves the right ones, and parked ones are left out unless they are asked for', async (context) => {
  const { bury, command } = await startBench(context);
  const at = (time: string) => ({ [property.history]: JSON.stringify([{ ...story[1], time }]) });
  await bury([
    { messageId: 'a', body: 'x', correlationId: 'order-1', dead: { ...levelTwo, ...at('2026-03-01T00:00:00.000Z') } },
    { messageId: 'b', body: 'x', dead: { DeadLetterReason: 'RetriesExhausted', ...at('2026-03-02T00:00:00.000Z') } },
    {
      messageId: 'c',
      body: 'x',
      dead: { ...levelTwo, [property.fingerprint]: 'other', ...at('2026-03-03T00:00:00.000Z') },
    },
    {
      messageId: 'p',
      body: 'x',
      dead: { [property.parked]: true, [property.replayCount]: 1, ...at('2026-03-03T00:00:00.000Z') },
    },
    { messageId: 'q', body: 'x', dead: { [property.replayCount]: 1, ...at('2026-03-04T00:00:00.000Z') } },
  ]);
  await bury([{ messageId: 'o', body: 'x' }], 'orders/audit');
  const ids = async (filter: string) => {
    const { objects } = await command(`list --json ${filter}`.trim());
    return objects().map(({ id }) => id);
  };
  expect(await ids('')).toEqual(['a', 'b', 'c', 'q', 'o']);
  expect(await ids('--parked --source parcels')).toEqual(['a', 'b', 'c', 'p', 'q']);
  expect(await ids('--source orders/audit')).toEqual(['o']);
  expect(await ids('--reason RetriesExhausted')).toEqual(['b']);
  expect(await ids('--fingerprint abc123')).toEqual(['a']);
  expect(await ids('--correlation order-1')).toEqual(['a']);
  expect(await ids('--since 2026-03-02 --until 2026-03-03T00:00:00Z')).toEqual(['b']);
  expect(await ids('--id c')).toEqual(['c']);
  expect((await command('list --source parcels')).errors).toEqual([
    '4 dead letters. 1 parked one is left out: add --parked.',
  ]);
});

test.concurrent('groups count what failed alike, the most first', async (context) => {
  const { bury, command } = await startBench(context);
  await bury([
    ...dying(2, { dead: { DeadLetterReason: 'MaxDeliveryCountExceeded' } }, 'm'),
    ...dying(3, { dead: levelTwo }, 'n'),
    ...dying(1, { dead: { ...levelTwo, [property.fingerprint]: 'other' } }, 'o'),
  ]);
  const { objects } = await command('groups --json');
  const at = '2026-03-01T08:00:20.000Z';
  expect(objects()).toEqual([
    { reason: 'NoDepot', fingerprint: 'abc123', count: 3, first: at, last: at, example: 'n0' },
    expect.objectContaining({ reason: 'MaxDeliveryCountExceeded', fingerprint: null, count: 2, example: 'm0' }),
    { reason: 'NoDepot', fingerprint: 'other', count: 1, first: at, last: at, example: 'o0' },
  ]);
  expect((await command('groups')).errors).toEqual(['6 dead letters in 3 groups.']);
  expect((await command('groups --id n0')).errors).toEqual(['1 dead letter in 1 group.']);
});

test.concurrent('show tells the story from the message alone, by the id of the sender or of the copy, without content', async (context) => {
  const { bury, command } = await startBench(context);
  const applicationProperties = {
    'item-name': 'salaries.pdf',
    [property.originalId]: 'a',
    [property.replayId]: 'r-1',
    [property.replayActor]: 'ann',
  };
  const dead = { ...levelTwo, [property.replayCount]: 1, [property.parked]: true };
  await bury([...dying(3), { messageId: 'a copy of a', body: 'the content', applicationProperties, dead }]);
  const { out } = await command('show a');
  const text = out.join('\n');
  expect(text).toMatch(/^message +a \(this copy: a copy of a\)$/m);
  expect(text).toMatch(/2026-03-01T08:00:00.000Z {2}1 +retried +TransientFailure +replica-1/);
  expect(text).toMatch(/2026-03-01T08:00:20.000Z {2}2 +dead-lettered +NoDepot +replica-2/);
  expect(text).toMatch(/replays +1, the last as r-1 by ann; parked/);
  expect(text).not.toMatch(/the content|salaries/);
  const [told] = (await command('show a --json')).objects();
  expect(told).toMatchObject({
    ...{
      id: 'a',
      messageId: 'a copy of a',
      source: 'parcels',
      history: story,
      replayId: 'r-1',
      serviceVersion: '1.2.3',
    },
  });
  expect((await command('list --id f1 --json')).objects()).toMatchObject([{ id: 'f1' }]);
  await expect(command('show unknown')).rejects.toThrow('No dead letter of parcels');
});

test.concurrent('10,000 are listed in a heap that could not hold them', async (context) => {
  const { bury, launch } = await startBench(context);
  await bury(dying(10_000, { dead: { DeadLetterErrorDescription: 'long '.repeat(600) } }));
  const { code, stdout, stderr } = await launch('list --json', ['--max-old-space-size=48']).ended;
  expect(stderr).toBe('10000 dead letters.\n');
  expect(code).toBe(0);
  const ids = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).id);
  expect(new Set(ids).size).toBe(10_000);
});
