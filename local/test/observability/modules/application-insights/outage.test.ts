import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ApplicationInsights, startApplicationInsights } from '../../../../application-insights/index.ts';
import { startService } from '../tested-service/start-service.ts';

const patience = { timeout: 60_000, interval: 30 };
let insights: ApplicationInsights;
let stateDir: string;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  insights = await startApplicationInsights();
  stateDir = await mkdtemp(join(tmpdir(), 'state ä '));
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await insights.stop();
  await rm(stateDir, { recursive: true, force: true });
});

async function startNumbered(from: number, { exportEveryMs = 300, replays = 'at once' } = {}) {
  const args = [insights.connectionString, stateDir, String(from), replays];
  const child = fork(join(import.meta.dirname, 'numbered.fixture.ts'), args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '127.0.0.1,localhost',
      OTEL_BLRP_SCHEDULE_DELAY: String(exportEveryMs),
    },
  });
  children.add(child);
  let last = from - 1;
  child.on('message', (number: number) => {
    last = number;
  });
  const exited = once(child, 'exit').then(() => children.delete(child));
  await once(child, 'message');
  return {
    last: () => last,
    stop() {
      child.send('stop');
      return exited;
    },
    kill() {
      child.kill('SIGKILL');
      return exited;
    },
  };
}

const arrived = () =>
  insights
    .rows('AppTraces')
    .filter(({ Message }) => Message === 'numbered')
    .map(({ Properties }) => Number((Properties as { number: string }).number));

function missing(from: number, to: number): number[] {
  const there = new Set(arrived());
  return Array.from({ length: to - from + 1 }, (_, n) => from + n).filter((number) => !there.has(number));
}

const files = () =>
  readdirSync(stateDir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ai.json'));

const storedNumbers = () =>
  files()
    .flatMap((name) => [...readFileSync(join(stateDir, name), 'utf8').matchAll(/"number":"(\d+)"/g)])
    .map(([, number]) => Number(number));

/** How long the last moment of a kill may be is measured by the soak. */
test('an outage, a kill in its middle and an end before it is over lose nothing but the last moment of the killed', {
  timeout: 120_000,
}, async () => {
  // The exporter (1.0.0-beta.47) deletes a file before it sends it: a kill during a replay would lose that batch.
  const killed = await startNumbered(0, { replays: 'later' });
  await vi.waitFor(() => expect(arrived().length).toBeGreaterThan(20), patience);
  await insights.faults.mode('down');
  await vi.waitFor(() => expect(files().length).toBeGreaterThan(2), patience);
  await killed.kill();
  const lastStored = Math.max(...storedNumbers());

  const ended = await startNumbered(100_000);
  await vi.waitFor(() => expect(ended.last()).toBeGreaterThan(100_050), patience);
  await ended.stop();
  if (process.platform !== 'win32') {
    for (const file of files()) expect(statSync(join(stateDir, file)).mode & 0o777).toBe(0o600);
  }

  await insights.faults.mode('ok');
  const last = await startNumbered(200_000);
  await vi.waitFor(() => expect(missing(100_000, ended.last())).toEqual([]), patience);
  await vi.waitFor(() => expect(missing(0, lastStored)).toEqual([]), patience);
  await vi.waitFor(() => expect(files()).toEqual([]), patience);
  await last.stop();
  expect(missing(200_000, last.last())).toEqual([]);
  // A batch whose answer was cut off may be there twice; none that was only stored.
  const onlyStored = arrived().filter((number) => number >= 100_000);
  expect(new Set(onlyStored).size).toBe(onlyStored.length);
  // Neither the exporter's requests nor its replays are calls of the service.
  expect(insights.rows('AppDependencies')).toEqual([]);
});

test('log lines wait for others as long as they are told to', { timeout: 120_000 }, async () => {
  const service = await startNumbered(0, { exportEveryMs: 60_000 });
  // The distro's own delay is a second: three have passed here.
  await vi.waitFor(() => expect(service.last()).toBeGreaterThan(300), patience);
  expect(arrived()).toEqual([]);
  await service.stop();
  expect(missing(0, service.last())).toEqual([]);
});

test('what the endpoint refuses for now is stored at once and sent when it may be, and holds up no end', {
  timeout: 120_000,
}, async () => {
  await insights.faults.mode('429', { retryAfterSeconds: 1 });
  const service = await startService({ level: 1, connectionString: insights.connectionString, stateDir });
  const rows = (message: string) => insights.rows('AppTraces').filter(({ Message }) => Message === message);
  await service.send('POST', '/log', { body: { message: 'kept' } });
  await vi.waitFor(() => expect(files().length).toBeGreaterThan(0), patience);
  const problems = () => service.lines().filter(({ message }) => message === 'telemetry has a problem');
  await vi.waitFor(() => expect(problems()).not.toEqual([]), patience);
  const told = problems();
  expect(told).toEqual([
    expect.objectContaining({
      severity: 'warning',
      problem: expect.stringContaining('telemetry was not delivered: answered with 429'),
    }),
  ]);
  // It was said while a request was handled, and is part of none.
  expect(told[0]).not.toHaveProperty('traceId');

  await insights.faults.mode('ok');
  await vi.waitFor(() => expect(rows('kept')).toHaveLength(1), patience);

  await insights.faults.mode('503');
  await service.send('POST', '/log', { body: { message: 'said last' } });
  const started = performance.now();
  await service.stop();
  // The service gives its modules one second; the exporter's own retries would take seven.
  expect(performance.now() - started).toBeLessThan(3_000);
  expect(service.lines().filter(({ message }) => message === 'the last telemetry was not delivered')).toEqual([]);
  expect(files().length).toBeGreaterThan(0);
});

test.each([
  ['402', () => {}, 'Quota exceeded'],
  ['503', () => writeFileSync(join(stateDir, 'file'), ''), 'Failed to persist envelope in disk.'],
] as const)('what is lost is said: an endpoint that answers %s', { timeout: 120_000 }, async (mode, spoil, why) => {
  spoil();
  await insights.faults.mode(mode);
  const service = await startService({
    level: 1,
    connectionString: insights.connectionString,
    stateDir: join(stateDir, 'file'),
  });
  const problems = () =>
    service
      .lines()
      .filter(({ message }) => message === 'telemetry has a problem')
      .map(({ severity, problem }) => `${severity} ${problem}`);
  await service.send('POST', '/log', { body: { message: 'lost' } });
  await vi.waitFor(
    () => expect(problems().filter((text) => text.startsWith('error a batch of telemetry is lost'))).toHaveLength(1),
    patience,
  );
  expect(problems().join('\n')).toContain(why);
  await service.stop();
  expect(insights.rows('AppTraces')).toEqual([]);
});
