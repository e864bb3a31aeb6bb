import { expect, test, vi } from 'vitest';
import { property } from '../../../../src/observability/modules/dead-letters/properties.ts';
import { dying, startBench } from './operator-bench.ts';

const patience = { timeout: 60_000, interval: 10 };

test.concurrent('replay says what it would do, and does it with --yes', async (context) => {
  const { bury, command, ids, names, deadIds } = await startBench(context);
  await bury(dying(5));
  const dry = await command('replay --json --max 3');
  expect(dry.objects()).toEqual([{ dryRun: true, matched: 3, replayed: 0, failed: 0, missed: 0, parked: 0 }]);
  expect(dry.audits).toEqual([]);
  expect([ids(), deadIds()]).toEqual([[], ['f0', 'f1', 'f2', 'f3', 'f4']]);

  const { code, objects, audits } = await command('replay --json --max 3 --yes --actor ann');
  const [result] = objects();
  expect([code, result]).toMatchObject([0, { dryRun: false, matched: 3, replayed: 3, replayId: expect.any(String) }]);
  expect((await names()).toSorted()).toEqual(['f0', 'f1', 'f2']);
  expect(deadIds()).toEqual(['f3', 'f4']);
  expect(audits).toHaveLength(3);
  expect(audits).toContainEqual({
    ...{ time: expect.any(String), audit: 'replay', actor: 'ann', source: 'parcels', id: 'f1', sequence: 2 },
    ...{ reason: 'NoDepot', correlationId: null, replayId: result.replayId },
  });
});

test.concurrent('a replay is the next copy: same content and trace, attempts and times anew, its story with it, nothing of the dead', async (context) => {
  const { bury, command, receive } = await startBench(context);
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const before = new Date().toISOString();
  const entry = {
    time: '2026-03-01T08:00:00.000Z',
    attempt: 5,
    outcome: 'dead-lettered',
    reason: 'NoDepot',
    host: 'h',
  };
  await bury([
    {
      messageId: 'a copy of a',
      body: Buffer.from('{"is":"content"}'),
      contentType: 'application/json',
      correlationId: 'order-1',
      timeToLive: 40_000, // what the copy had left
      applicationProperties: {
        [property.originalId]: 'a',
        [property.firstEnqueuedAt]: '2026-03-01T07:00:00.000Z',
        [property.expiresAt]: '2026-03-01T08:30:00.000Z',
        traceparent,
        'Diagnostic-Id': traceparent,
        own: 'stays',
      },
      dead: {
        [property.attempts]: 5,
        [property.fingerprint]: 'abc',
        [property.serviceVersion]: '1.0.0',
        [property.history]: JSON.stringify([entry]),
      },
    },
  ]);
  await command('replay --yes --actor ann');
  const [copy] = await receive('parcels', 1);
  expect(copy).toMatchObject({ contentType: 'application/json', correlationId: 'order-1', timeToLive: 5_400_000 });
  expect(copy?.messageId).not.toBe('a copy of a'); // the broker would take it for a repetition
  expect(String(copy?.body)).toBe('{"is":"content"}');
  expect(copy?.deadLetterReason).toBeUndefined();
  const properties = copy?.applicationProperties ?? {};
  expect(properties).toMatchObject({
    ...{ traceparent, 'Diagnostic-Id': traceparent, own: 'stays', [property.originalId]: 'a' },
    ...{ [property.replayCount]: 1, [property.replayId]: expect.any(String), [property.replayActor]: 'ann' },
  });
  const gone = [property.attempts, property.fingerprint, property.serviceVersion, property.expiresAt];
  for (const name of gone) expect(properties).not.toHaveProperty(name);
  expect(String(properties[property.firstEnqueuedAt]) >= before).toBe(true);
  expect(JSON.parse(String(properties[property.history]))).toMatchObject([
    entry,
    { attempt: 5, outcome: 'replayed', reason: 'NoDepot' },
  ]);
});

test.concurrent('a dead letter whose time to live has ended is replayed with all of it', async (context) => {
  const { bury, command, receive } = await startBench(context);
  const dead = { DeadLetterReason: 'TTLExpiredException' };
  const times = {
    [property.firstEnqueuedAt]: '2026-03-01T08:00:00.000Z',
    [property.expiresAt]: '2026-03-01T08:01:00.000Z',
  };
  await bury([
    { messageId: 'first', body: 'x', timeToLive: 60_000, dead },
    { messageId: 'copy', body: 'x', timeToLive: 1_000, applicationProperties: times, dead },
    { messageId: 'no time', body: 'x', applicationProperties: { [property.expiresAt]: 'never' }, dead },
  ]);
  await command('replay --yes');
  const copies = await receive('parcels', 3);
  expect(copies.map(({ timeToLive }) => timeToLive)).toEqual([60_000, 60_000, undefined]);
});

test.concurrent.for([
  ['ahead', 90_000],
  ['behind', -90_000],
] as const)(
  'with a clock that is 90 s %s a replay and a purge do what they would do with a right one',
  async ([, skewMs], context) => {
    const { bury, launch, ids, deadIds } = await startBench(context);
    await bury(dying(3));
    const skewed = ['--import', `data:text/javascript,const now=Date.now;Date.now=()=>now()+${skewMs}`];
    const replay = await launch('replay --yes --json --max 2', skewed).ended;
    expect([replay.code, JSON.parse(replay.stdout)]).toMatchObject([0, { replayed: 2, missed: 0 }]);
    const purge = await launch('purge --yes --json', skewed).ended;
    expect([purge.code, JSON.parse(purge.stdout)]).toMatchObject([0, { purged: 1, missed: 0 }]);
    expect([ids().length, deadIds()]).toEqual([2, []]);
  },
);

test.concurrent('of 1,000, killed between send and completion in the middle, a second run leaves each once', {
  timeout: 120_000,
}, async (context) => {
  const { bus, bury, launch, ids, names, deadIds } = await startBench(context);
  await bury(dying(1_000));
  const victim = launch('replay --yes');
  await vi.waitFor(() => expect(victim.audits()).toBeGreaterThan(200), patience);
  bus.faults.ignoreSettlements({ carriedOut: false });
  await vi.waitFor(() => expect(ids().length).toBeGreaterThan(1_000 - deadIds().length), patience);
  victim.child.kill('SIGKILL');
  await victim.ended;
  bus.faults.clear();
  expect(deadIds().length).toBeGreaterThan(200);

  const { code, stdout } = await launch('replay --yes --json').ended;
  expect(JSON.parse(stdout)).toMatchObject({ failed: 0, missed: 0 });
  expect(code).toBe(0);
  expect(deadIds()).toEqual([]);
  expect((await names()).toSorted()).toEqual(
    dying(1_000)
      .map(({ messageId }) => messageId)
      .toSorted(),
  );
});

test.concurrent('a replay of a subscription goes to its queue for copies, and to no other subscriber', async (context) => {
  const { bury, command, ids, names } = await startBench(context);
  await bury(dying(3), 'orders/billing');
  const audited = ids('orders/audit').length;
  expect(await command('replay --yes --source orders/billing')).toMatchObject({ code: 0 });
  expect((await names('orders.billing.retry')).toSorted()).toEqual(['f0', 'f1', 'f2']);
  expect([ids('orders/audit').length, ids('orders/billing')]).toEqual([audited, []]);
});

test.concurrent('parked ones are replayed only when they are asked for, and are then no longer parked', async (context) => {
  const { bury, command, receive, deadIds, queue } = await startBench(context);
  await bury([...dying(1, { dead: { [property.parked]: true, [property.replayCount]: 1 } }, 'p'), ...dying(1)]);
  const first = await command('replay --yes');
  expect(first.errors).toContain('      1  parked: left out without --parked');
  expect(deadIds()).toEqual(['p0']);
  expect(queue().deadLetters?.peek(0, 1)[0]?.lock).toBeUndefined(); // at once, not when the lock ends
  await command('replay --yes --parked');
  const [, copy] = await receive('parcels', 2);
  expect(copy?.applicationProperties).toMatchObject({ name: 'p0', [property.replayCount]: 2 });
  expect(copy?.applicationProperties).not.toHaveProperty(property.parked);
});

test.concurrent('the ones between that are not meant stay, unlocked, also when they are more than a link holds', async (context) => {
  const { bury, command, ids, deadIds, queue } = await startBench(context, { lockDuration: 'PT10S' });
  const wanted = { dead: { DeadLetterReason: 'Wanted' } };
  await bury([...dying(900), ...dying(1_300, wanted, 'v'), ...dying(100, {}, 'g'), ...dying(1, wanted, 'w')]);
  expect(await command('replay --yes --reason Wanted')).toMatchObject({ code: 0 });
  expect([ids().length, deadIds().length]).toEqual([1_301, 1_000]);
  const locked = () =>
    queue()
      .deadLetters?.peek(0, 5_000)
      .filter(({ lock }) => lock).length;
  await vi.waitFor(() => expect(locked()).toBe(0), patience); // those of the closed link, when their locks end
});

test.concurrent('what another receiver keeps is reported as not met, and the command ends', async (context) => {
  const { bury, command, client, deadIds } = await startBench(context);
  await bury(dying(2));
  const receiver = client.createReceiver('parcels', { subQueueType: 'deadLetter' });
  expect(await receiver.receiveMessages(1)).toHaveLength(1); // the SDK renews its lock
  const { code, out, errors } = await command('replay --yes', { patienceMs: 3_000 });
  expect(errors).toContain('Another receiver holds the rest: waiting until its locks end (2 s).');
  expect(code).toBe(1);
  expect(out.join()).toContain('1 of 2 replayed');
  expect(out.join()).toContain('1 were not received');
  expect(deadIds()).toEqual(['f0']);
});

test.concurrent('a copy that the broker refuses leaves the dead letter where it is', async (context) => {
  const { bus, bury, command, deadIds, ids } = await startBench(context);
  await bury(dying(1));
  bus.faults.refuseSends({ condition: 'amqp:unauthorized-access' });
  await expect(command('replay --yes')).rejects.toThrow(
    'assign your identity the role "Azure Service Bus Data Sender"',
  );
  expect([deadIds(), ids()]).toEqual([['f0'], []]);
});

test.concurrent('a rate spreads the replays', async (context) => {
  const { bury, command } = await startBench(context);
  await bury(dying(8));
  const { audits } = await command('replay --yes --rate 10');
  const times = audits.map(({ time }) => Date.parse(time));
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(200);
});

test.concurrent('purge deletes what is meant, with an audit line each, and asks for the number on a terminal', async (context) => {
  const { bury, command, deadIds } = await startBench(context);
  await bury([...dying(2, { dead: { DeadLetterReason: 'Broken' } }, 'b'), ...dying(1)]);
  expect((await command('purge --reason Broken --json')).objects()).toMatchObject([
    { dryRun: true, matched: 2, purged: 0 },
  ]);
  await expect(command('purge --reason Broken --yes', { answer: '3' })).rejects.toThrow('nothing was deleted');
  expect(deadIds()).toEqual(['b0', 'b1', 'f0']);
  const { objects, audits } = await command('purge --reason Broken --yes --json --actor ann', { answer: '2' });
  expect(objects()).toMatchObject([{ dryRun: false, matched: 2, purged: 2 }]);
  expect(audits.map(({ audit, actor, id, reason }) => [audit, actor, id, reason])).toEqual([
    ['purge', 'ann', 'b0', 'Broken'],
    ['purge', 'ann', 'b1', 'Broken'],
  ]);
  expect(deadIds()).toEqual(['f0']);
});
