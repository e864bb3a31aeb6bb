import { expect, test, vi } from 'vitest';
import type { Business } from '../../../src/platform/business.ts';
import { dying, startWithBroker } from './with-broker.ts';

const patience = { timeout: 10_000, interval: 10 };

test.concurrent('replay says what it would do, and does it with --yes', async (context) => {
  const { bury, command, ids, deadIds } = await startWithBroker(context);
  await bury(dying(5));
  const dry = await command('replay --json --max 3');
  expect(dry.objects()).toEqual([{ dryRun: true, matched: 3, replayed: 0, failed: 0, missed: 0, parked: 0 }]);
  expect(dry.audits).toEqual([]);
  expect([ids(), deadIds()]).toEqual([[], ['f0', 'f1', 'f2', 'f3', 'f4']]);

  const { code, objects, audits } = await command('replay --json --max 3 --yes --actor ann');
  const [result] = objects();
  expect([code, result]).toMatchObject([0, { dryRun: false, matched: 3, replayed: 3, replayId: expect.any(String) }]);
  expect(ids().toSorted()).toEqual(['f0', 'f1', 'f2']);
  expect(deadIds()).toEqual(['f3', 'f4']);
  expect(audits).toHaveLength(3);
  expect(audits).toContainEqual({
    ...{ time: expect.any(String), audit: 'replay', actor: 'ann', source: 'files', id: 'f1', sequence: 2 },
    ...{ reason: 'NoRoutingRule', correlationId: null, replayId: result.replayId },
  });
});

test.concurrent('a replay is the next copy: same content and trace, attempts anew, its story with it, nothing of the dead', async (context) => {
  const { bury, command, receive } = await startWithBroker(context);
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const entry = {
    time: '2026-03-01T08:00:00.000Z',
    attempt: 5,
    outcome: 'dead-lettered',
    reason: 'NoRoutingRule',
    host: 'h',
  };
  await bury([
    {
      messageId: 'obs-0123',
      body: Buffer.from('{"is":"content"}'),
      contentType: 'application/json',
      correlationId: 'order-1',
      applicationProperties: {
        'file-id': 'a',
        'obs-original-id': 'a',
        'obs-attempt': 5,
        'obs-copy': 6,
        traceparent,
        'Diagnostic-Id': traceparent,
        own: 'stays',
      },
      dead: {
        'obs-attempts': 5,
        'obs-error-fingerprint': 'abc',
        'obs-service-version': '1.0.0',
        'obs-history': JSON.stringify([entry]),
      },
    },
  ]);
  await command('replay --yes --actor ann');
  const [copy] = await receive('files', 1);
  expect(copy).toMatchObject({
    messageId: expect.stringMatching(/^obs-[\da-f]{64}$/),
    contentType: 'application/json',
    correlationId: 'order-1',
  });
  expect(String(copy?.body)).toBe('{"is":"content"}');
  expect(copy?.deadLetterReason).toBeUndefined();
  const { 'obs-history': history, ...rest } = copy?.applicationProperties ?? {};
  expect(rest).toEqual({
    ...{
      'file-id': 'a',
      'obs-original-id': 'a',
      'obs-attempt': 1,
      'obs-copy': 7,
      traceparent,
      'Diagnostic-Id': traceparent,
      own: 'stays',
    },
    ...{ 'obs-replay-count': 1, 'obs-replay-id': expect.any(String), 'obs-replay-actor': 'ann' },
  });
  expect(JSON.parse(String(history))).toMatchObject([
    entry,
    { attempt: 5, outcome: 'replayed', reason: 'NoRoutingRule' },
  ]);
});

test.concurrent('of 1,000, killed between send and completion in the middle, a second run leaves each once', {
  timeout: 20_000,
}, async (context) => {
  const { bus, bury, launch, ids, deadIds } = await startWithBroker(context);
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
  expect(ids()).toHaveLength(1_000);
  expect(new Set(ids())).toEqual(new Set(dying(1_000).map(({ messageId }) => messageId)));
});

test.concurrent('a replay of a subscription goes to its queue for copies, and to no other subscriber', async (context) => {
  const { bury, command, ids } = await startWithBroker(context);
  await bury(dying(3), 'orders/billing');
  const audited = ids('orders/audit').length;
  expect(await command('replay --yes --source orders/billing')).toMatchObject({ code: 0 });
  expect(ids('orders.billing.retry').toSorted()).toEqual(['f0', 'f1', 'f2']);
  expect([ids('orders/audit').length, ids('orders/billing')]).toEqual([audited, []]);
});

test.concurrent('in place the same handler gets it, no queue and no other subscriber sees it, and one that fails is parked', async (context) => {
  const { bury, command, ids, deadIds, client, queue } = await startWithBroker(context);
  await bury(dying(3), 'orders/billing');
  const audited = ids('orders/audit').length;
  const seen: unknown[] = [];
  const settled: unknown[] = [];
  const business: Business = {
    name: 'test',
    handlers: {
      'orders/billing': async ({ messageId, applicationProperties = {}, deadLetterReason }, { attempt }) => {
        seen.push([messageId, attempt, applicationProperties['obs-replay-count'], deadLetterReason]);
        if (messageId === 'f1') throw new Error('not again');
      },
    },
    settled: ({ messageId }, { kind }) => void settled.push([messageId, kind]),
  };
  const { code, objects, audits } = await command(
    'replay --yes --json --in-place --source orders/billing --actor ann',
    {
      loadBusinesses: async () => [business],
    },
  );
  expect([code, ...objects()]).toMatchObject([1, { replayed: 2, failed: 1, missed: 0 }]);
  expect(seen.toSorted()).toEqual(['f0', 'f1', 'f2'].map((id) => [id, 1, 1, undefined]));
  expect(settled.toSorted()).toEqual([
    ['f0', 'complete'],
    ['f2', 'complete'],
  ]);
  expect(audits.map(({ audit, id }) => `${audit} ${id}`).toSorted()).toEqual([
    'park f1',
    'replay-in-place f0',
    'replay-in-place f1',
    'replay-in-place f2',
  ]);
  expect([ids('orders/audit').length, ids('orders/billing'), ids('orders.billing.retry')]).toEqual([audited, [], []]);
  expect(deadIds('orders/billing')).toEqual(['f1']);
  const receiver = client.createReceiver('orders', 'billing', { subQueueType: 'deadLetter' });
  const [parked] = await receiver.peekMessages(1);
  expect(parked?.applicationProperties).toMatchObject({
    'obs-replay-count': 1,
    'obs-replay-actor': 'ann',
    'obs-parked': true,
  });
  expect(JSON.parse(String(parked?.applicationProperties?.['obs-history']))).toMatchObject([
    { outcome: 'replayed' },
    { outcome: 'dead-lettered', reason: 'UnexpectedError', attempt: 1 },
  ]);
  expect(queue('orders/billing').deadLetters?.peek(0, 1)[0]?.lock).toBeUndefined();
  expect((await command('list --json --source orders/billing')).out).toEqual([]);
});

test.concurrent('parked ones are replayed only when they are asked for, and are then no longer parked', async (context) => {
  const { bury, command, receive, deadIds, queue } = await startWithBroker(context);
  await bury([...dying(1, { dead: { 'obs-parked': true, 'obs-replay-count': 1 } }, 'p'), ...dying(1)]);
  const first = await command('replay --yes');
  expect(first.errors).toContain('      1  parked: left out without --parked');
  expect(deadIds()).toEqual(['p0']);
  expect(queue().deadLetters?.peek(0, 1)[0]?.lock).toBeUndefined(); // at once, not when the lock ends
  await command('replay --yes --parked');
  const [, copy] = await receive('files', 2);
  expect(copy).toMatchObject({ applicationProperties: { 'obs-original-id': 'p0', 'obs-replay-count': 2 } });
  expect(copy?.applicationProperties).not.toHaveProperty('obs-parked');
});

test.concurrent('the ones between that are not meant stay, unlocked, also when they are more than a link holds', async (context) => {
  const { bury, command, ids, deadIds, queue } = await startWithBroker(context);
  const wanted = { dead: { DeadLetterReason: 'Wanted' } };
  await bury([...dying(900), ...dying(1_300, wanted, 'v'), ...dying(1_700, {}, 'g'), ...dying(1, wanted, 'w')]);
  expect(await command('replay --yes --reason Wanted')).toMatchObject({ code: 0 });
  expect([ids().length, deadIds().length]).toEqual([1_301, 2_600]);
  const locked = () =>
    queue()
      .deadLetters?.peek(0, 5_000)
      .filter(({ lock }) => lock).length;
  await vi.waitFor(() => expect(locked()).toBe(0), patience); // those of the closed link, when their locks end
});

test.concurrent('what somebody else keeps is reported as not met, and the command ends', async (context) => {
  const { bury, command, client, deadIds } = await startWithBroker(context);
  await bury(dying(2));
  const receiver = client.createReceiver('files', { subQueueType: 'deadLetter' });
  expect(await receiver.receiveMessages(1)).toHaveLength(1); // the SDK renews its lock
  const { code, out, errors } = await command('replay --yes', { patienceMs: 500 });
  expect(errors).toContain('Somebody holds the rest: waiting until their locks end (2 s).');
  expect(code).toBe(1);
  expect(out.join()).toContain('1 of 2 replayed');
  expect(out.join()).toContain('1 were not met');
  expect(deadIds()).toEqual(['f0']);
});

test.concurrent('a copy that the broker refuses leaves the dead letter where it is', async (context) => {
  const { bus, bury, command, deadIds, ids } = await startWithBroker(context);
  await bury(dying(1));
  bus.faults.refuseSends({ condition: 'amqp:unauthorized-access' });
  await expect(command('replay --yes')).rejects.toThrow(
    'assign your identity the role "Azure Service Bus Data Sender"',
  );
  expect([deadIds(), ids()]).toEqual([['f0'], []]);
});

test.concurrent('a rate spreads the replays', async (context) => {
  const { bury, command } = await startWithBroker(context);
  await bury(dying(8));
  const { audits } = await command('replay --yes --rate 10');
  const times = audits.map(({ time }) => Date.parse(time));
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(200);
});

test.concurrent('purge deletes what is meant, with an audit line each, and asks for the number on a terminal', async (context) => {
  const { bury, command, deadIds } = await startWithBroker(context);
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
