import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedDashboard, testedDashboard } from '../dashboard.fixture.ts';
import {
  failureRow,
  foreignFile,
  handlingRow,
  logRow,
  replayedFile,
  requestRow,
  sendRow,
  timeAgo,
} from '../story-rows.fixture.ts';
import type { LogList, Overview, Transaction, TransactionHistogram, TransactionList } from './contract.ts';

let tested: TestedDashboard;
beforeAll(async () => {
  tested = await testedDashboard();
  await tested.add(
    ...replayedFile('replayed'),
    requestRow({ operation: 'turned-away', id: 'r', ago: 50, ms: 3, status: 400 }),
    requestRow({ operation: 'old', id: 'r', ago: 7_200, ms: 3 }),
    requestRow({ operation: 'queued', id: 'r', ago: 20, ms: 3 }),
    sendRow({ operation: 'queued', id: 's', parent: 'r', ago: 20, ms: 2, messageId: 'message-queued' }),
    requestRow({ operation: 'dead', id: 'r', ago: 40, ms: 3 }),
    sendRow({ operation: 'dead', id: 's', parent: 'r', ago: 40, ms: 2, messageId: 'message-dead' }),
    handlingRow({
      operation: 'dead',
      id: 'h',
      parent: 's',
      ago: 39,
      ms: 9,
      messageId: 'message-dead',
      settlement: 'dead-letter',
    }),
    failureRow({ operation: 'dead', parent: 'h', ago: 39, reason: 'NoSuchPlace', message: 'No rule.' }),
    requestRow({ operation: 'waits', id: 'r', ago: 30, ms: 3 }),
    sendRow({ operation: 'waits', id: 's', parent: 'r', ago: 30, ms: 2, messageId: 'message-waits' }),
    handlingRow({
      operation: 'waits',
      id: 'h',
      parent: 's',
      ago: 29,
      ms: 9,
      messageId: 'message-waits',
      settlement: 'later',
      nextAt: timeAgo(-5),
    }),
    { ...requestRow({ operation: 'probe', id: 'r', ago: 10, ms: 1 }), SyntheticSource: 'availability' },
    logRow({ operation: 'queued', parent: 'r', ago: 20, message: '<img src=x onerror=alert(1)> queued', severity: 2 }),
  );
});
afterAll(() => tested.stop());

const outcomes = async (query: string) =>
  (await tested.get<TransactionList>(`/api/transactions?${query}`)).data.rows.map(({ operationId, outcome }) => [
    operationId,
    outcome.kind,
  ]);

test('transactions are sorted by the whole range, and then have no next page', async () => {
  const { data, next } = await tested.get<TransactionList>('/api/transactions?sort=-duration');
  const lengths = data.rows.map(({ durationMs }) => durationMs);
  expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
  expect(data.rows[0]?.operationId).toBe('replayed');
  expect(next).toBeUndefined();
  const { data: up } = await tested.get<TransactionList>('/api/transactions?sort=duration');
  expect(up.rows.at(-1)?.operationId).toBe('replayed');
});

test('each transaction says what became of its message, newest first, without probes', async () => {
  expect(await outcomes('')).toEqual([
    ['queued', 'waiting'],
    ['waits', 'waiting'],
    ['dead', 'dead-lettered'],
    ['turned-away', 'rejected'],
    ['replayed', 'delivered'],
  ]);
  const { data } = await tested.get<TransactionList>('/api/transactions?range=24h');
  expect(data.rows.at(-1)).toMatchObject({ operationId: 'old', outcome: { kind: 'answered', code: '202' } });
  expect(data.rows.find(({ operationId }) => operationId === 'dead')?.outcome.code).toBe('NoSuchPlace');
  expect(data.rows.find(({ operationId }) => operationId === 'replayed')).toMatchObject({
    name: 'POST /parcels',
    messageId: 'message-replayed',
    correlationId: 'correlation-replayed',
    outcome: { kind: 'delivered', destination: 'north' },
    attempts: 3,
    items: 13,
  });
});

test.each([
  ['outcome=failed', ['dead', 'turned-away']],
  ['outcome=retried', ['replayed']],
  ['outcome=waiting', ['queued', 'waits']],
  ['outcome=slow', []],
  ['min=60000', ['replayed']],
  ['q=message-dead', ['dead']],
  ['q=CORRELATION-waits', ['waits']],
  ['q=turned', ['turned-away']],
  ['q=%22%20or%20true', []],
  ['destination=north', ['replayed']],
])('%s finds what it names', async (query, expected) => {
  expect((await outcomes(query)).map(([operation]) => operation)).toEqual(expected);
  const { data } = await tested.get<TransactionList>(`/api/transactions?${query}`);
  expect(data).toMatchObject({ total: expected.length, unfiltered: 5 });
});

test('the query of a list answers the same rows when it is run', async () => {
  const { data } = await tested.get<TransactionList>('/api/transactions?outcome=failed');
  const again = await tested.send<{ rows: { OperationId: string }[] }>('POST', '/api/query', { query: data.query });
  expect(again.body.data.rows.map(({ OperationId }) => OperationId)).toEqual(
    data.rows.map(({ operationId }) => operationId),
  );
});

test('a filter that is none is refused in words', async () => {
  for (const query of [
    'outcome=lost',
    'min=x',
    'cursor=x%7Cy',
    'range=2y',
    'from=yesterday',
    'from=2026-02-01&to=2026-01-01',
  ])
    expect(await tested.ask('GET', `/api/transactions?${query}`), query).toMatchObject({ status: 400 });
});

test('a page goes on where the one before ended, also between rows of one moment', async () => {
  const paged = await testedDashboard();
  try {
    const at = timeAgo(5);
    const many = Array.from({ length: 450 }, (_, index) => ({
      ...requestRow({ operation: `op-${String(index).padStart(3, '0')}`, id: 'r', ago: 5, ms: 1 }),
      TimeGenerated: at,
    }));
    await paged.add(...many);
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 3; page++) {
      const { data, next } = await paged.get<TransactionList>(`/api/transactions?cursor=${encodeURIComponent(cursor)}`);
      seen.push(...data.rows.map(({ operationId }) => operationId));
      cursor = next ?? '';
    }
    expect(cursor).toBe('');
    expect(new Set(seen).size).toBe(450);
  } finally {
    await paged.stop();
  }
});

test('logs go on where the page before ended, also between rows of one moment', async () => {
  const paged = await testedDashboard();
  try {
    const TimeGenerated = timeAgo(5);
    const line = (index: number) => ({
      ...logRow({ operation: 'op', ago: 5, message: `line ${index}` }),
      TimeGenerated,
    });
    await paged.add(...Array.from({ length: 250 }, (_, index) => line(index)));
    const first = await paged.get<LogList>('/api/logs');
    const second = await paged.get<LogList>(`/api/logs?cursor=${encodeURIComponent(first.next ?? '')}`);
    expect([first.data.rows.length, second.data.rows.length, second.next]).toEqual([200, 50, undefined]);
    expect(new Set([...first.data.rows, ...second.data.rows].map(({ message }) => message)).size).toBe(250);
  } finally {
    await paged.stop();
  }
});

test('the histogram counts the same transactions', async () => {
  const { data } = await tested.get<TransactionHistogram>('/api/transactions/histogram?range=15m');
  const sum = (name: string) =>
    (data.series.values[name] ?? []).reduce((total: number, value) => total + (value ?? 0), 0);
  expect([sum('ok'), sum('failed')]).toEqual([3, 2]);
  expect(data.series.times).toHaveLength(data.series.values.ok?.length ?? 0);
});

test('one transaction is told step by step, and its times explain the whole', async () => {
  const { data } = await tested.get<Transaction>('/api/transactions/replayed');
  expect(data.story.map(({ kind, label }) => [kind, label])).toEqual([
    ['accepted', 'Accepted'],
    ['waiting', 'In queue'],
    ['attempt', 'Attempt 1'],
    ['attempt', 'Attempt 2'],
    ['dead-lettered', 'Dead-lettered'],
    ['replayed', 'Replayed'],
    ['waiting', 'In queue'],
    ['attempt', 'Attempt 1'],
    ['delivered', 'Delivered to north'],
  ]);
  expect(data.story.map(({ detail }) => detail)).toEqual([
    '202 · 20 ms',
    '985 ms',
    '503 · 50 ms',
    '422 · 40 ms',
    'DestinationRefused',
    'by ana',
    '995 ms',
    '201 · 60 ms',
    'after 1 m 09 s',
  ]);
  const { facts } = data;
  expect(facts).toMatchObject({
    attempts: 2,
    replays: 1,
    outcome: { kind: 'delivered', destination: 'north' },
    messageId: 'message-replayed',
  });
  expect(facts.deadLetteredMs).toBeCloseTo(60_960, -2);
  expect(facts.workingMs + facts.waitingMs + (facts.deadLetteredMs ?? 0)).toBeCloseTo(facts.totalMs, 3);
  const waits = data.items.filter(({ kind }) => kind === 'wait').map(({ name }) => name);
  expect(waits).toEqual(['In queue', 'Waiting for retry', 'Dead-lettered', 'In queue']);
  const failed = data.items.find(({ id }) => id === 'h1');
  expect(failed).toMatchObject({ ok: false, place: 'worker', attempt: 1, parent: 's1' });
  expect(failed?.cause).toMatch(/^north answered 503\. Tried again after 5\.0 s\.$/);
});

test('at level 1 the calls by which the SDK settles say what became of a message, also when the broker gave it up', async () => {
  const own = await testedDashboard({ level: 1 });
  try {
    await own.add(
      ...foreignFile('done', ['complete']),
      ...foreignFile('second-try', ['abandon', 'complete']),
      ...foreignFile('given-back', ['abandon']),
      ...foreignFile(
        'given-up',
        Array.from({ length: 10 }, () => 'abandon'),
      ),
      ...foreignFile('on-its-way', []),
    );
    const { data } = await own.get<TransactionList>('/api/transactions');
    const told = data.rows.map(({ operationId, outcome, attempts }) => [operationId, outcome.kind, attempts]);
    expect(told.toSorted()).toEqual([
      ['done', 'delivered', 1],
      ['given-back', 'waiting', 1],
      ['given-up', 'dead-lettered', 10],
      ['on-its-way', 'waiting', 0],
      ['second-try', 'delivered', 2],
    ]);
    for (const [id, kind, attempts] of told) {
      const one = await own.get<Transaction>(`/api/transactions/${id}`);
      expect(one.data.facts, String(id)).toMatchObject({ outcome: { kind }, attempts });
    }
    const { story } = (await own.get<Transaction>('/api/transactions/second-try')).data;
    expect(story.map(({ label, ok }) => [label, ok])).toEqual([
      ['Accepted', true],
      ['In queue', true],
      ['Attempt 1', false],
      ['Attempt 2', true],
      ['Done', true],
    ]);
  } finally {
    await own.stop();
  }
});

test('a transaction is found by any of its ids; one that is not there is said', async () => {
  for (const id of ['message-replayed', 'correlation-replayed', 'replaye'])
    expect((await tested.get<Transaction>(`/api/transactions/${id}`)).data.facts.operationId, id).toBe('replayed');
  const missing = await tested.ask('GET', '/api/transactions/4bf92f3577b34da6');
  expect(missing).toMatchObject({ status: 404, text: expect.stringContaining('5 seconds') });
});

test('one that waits for its next attempt says until when, and one in a dead-letter queue how long', async () => {
  const waits = await tested.get<Transaction>('/api/transactions/waits');
  expect(waits.data.story.at(-1)).toMatchObject({
    kind: 'waiting',
    detail: expect.stringMatching(/^until \d\d:\d\d:\d\d$/),
  });
  const dead = await tested.get<Transaction>('/api/transactions/dead');
  expect(dead.data.facts).toMatchObject({ outcome: { kind: 'dead-lettered', code: 'NoSuchPlace' } });
  expect(dead.data.facts.deadLetteredMs).toBeGreaterThan(30_000);
});

test('logs come newest first with what they belong to, and are filtered by how bad they are', async () => {
  const { data } = await tested.get<LogList>('/api/logs?severity=warning');
  expect(data.rows[0]).toMatchObject({
    severity: 'warning',
    message: '<img src=x onerror=alert(1)> queued',
    operationId: 'queued',
    kind: 'log',
  });
  expect(data).toMatchObject({ total: 4 });
  expect((await tested.get<LogList>('/api/logs?q=onerror')).data.total).toBe(1);
  expect((await tested.get<LogList>('/api/logs?operation=dead')).data.rows.map(({ kind }) => kind)).toEqual([
    'exception',
  ]);
  expect(await tested.ask('GET', '/api/logs?severity=loud')).toMatchObject({ status: 400 });
});

test('the overview counts what the tables hold, each figure with its query', async () => {
  const { data } = await tested.get<Overview>('/api/overview?range=15m');
  expect(data.requests).toMatchObject({ count: 5, failed: 1, p50: 3 });
  expect(data.attention.map(({ operationId }) => operationId)).toEqual(['dead', 'turned-away']);
  expect(data.telemetry.tables.map(({ table }) => table)).toEqual(
    expect.arrayContaining(['AppRequests', 'AppDependencies']),
  );
  for (const query of [
    data.requests.query,
    data.requests.seriesQuery,
    data.telemetry.query,
    data.telemetry.seriesQuery,
    data.attentionQuery,
  ])
    expect((await tested.send('POST', '/api/query', { query })).status).toBe(200);
});
