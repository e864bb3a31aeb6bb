import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ApplicationInsights, startApplicationInsights } from '../../../../application-insights/index.ts';
import { startService } from '../tested-service/start-service.ts';

const exportEveryMs = 200;
const patience = { timeout: 20_000, interval: 30 };
let insights: ApplicationInsights;
let stateDir: string;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  insights = await startApplicationInsights();
  stateDir = await mkdtemp(join(tmpdir(), 'spool ä '));
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await insights.stop();
  await rm(stateDir, { recursive: true, force: true });
});

async function startNumbered(from: number) {
  const args = [insights.connectionString, stateDir, String(from)];
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
  readdirSync(stateDir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));

/** A number every 10 ms. The bound is the stated one, at this test's interval: what was made since the last export. */
test('an outage, a kill in its middle and an end before it is over lose nothing but the last moment of the killed', {
  timeout: 60_000,
}, async () => {
  const killed = await startNumbered(0);
  await vi.waitFor(() => expect(arrived().length).toBeGreaterThan(20), patience);
  await insights.faults.mode('down');
  await vi.waitFor(() => expect(files().length).toBeGreaterThan(4), patience);
  await killed.kill();

  const ended = await startNumbered(100_000);
  await vi.waitFor(() => expect(ended.last()).toBeGreaterThan(100_050), patience);
  await ended.stop();
  const kept = files();
  expect(kept.length).toBeGreaterThan(5);
  if (process.platform !== 'win32') {
    for (const file of kept) {
      expect(statSync(join(stateDir, file)).mode & 0o777).toBe(0o600);
      expect(statSync(join(stateDir, file, '..')).mode & 0o777).toBe(0o700);
    }
  }

  await insights.faults.mode('ok');
  const last = await startNumbered(200_000);
  await vi.waitFor(() => expect(missing(100_000, ended.last())).toEqual([]), patience);
  await vi.waitFor(() => expect(files()).toEqual([]), patience);
  await last.stop();
  for (const number of missing(0, killed.last())) {
    expect(number).toBeGreaterThan(killed.last() - (2 * exportEveryMs) / 10);
  }
  expect(missing(200_000, last.last())).toEqual([]);
  // A batch whose answer was cut off may be there twice; none that was only kept.
  const onlyKept = arrived().filter((number) => number >= 100_000);
  expect(new Set(onlyKept).size).toBe(onlyKept.length);
  // Neither the exporter's requests nor the replayed ones are calls of the service.
  expect(insights.rows('AppDependencies')).toEqual([]);
});

test('a line that is kept is not said on standard output as well; one that is refused for good is', {
  timeout: 40_000,
}, async () => {
  const service = await startService({
    level: 2,
    connectionString: insights.connectionString,
    stateDir,
    sections: { logs: { console: 'warnings' } },
  });
  const said = (message: string) => service.lines().filter((line) => line.message === message);
  const inRows = (message: string) => insights.rows('AppTraces').filter(({ Message }) => Message === message);
  await insights.faults.mode('500');
  await service.send('POST', '/log', { body: { message: 'kept' } });
  await vi.waitFor(() => expect(said('telemetry cannot be delivered and is kept')).toHaveLength(1), patience);
  await vi.waitFor(() => expect(files().length).toBeGreaterThan(0), patience);
  await insights.faults.mode('ok');
  await vi.waitFor(() => expect(inRows('kept')).toHaveLength(1), patience);
  await vi.waitFor(() => expect(inRows('telemetry is delivered again')).toHaveLength(1), patience);
  expect(said('kept')).toEqual([]);

  await insights.faults.mode('402');
  await service.send('POST', '/log', { body: { message: 'refused' } });
  await vi.waitFor(() => expect(said('refused')).toHaveLength(1), patience);
  await insights.faults.mode('ok');
  await service.stop();
  expect(inRows('refused')).toEqual([]);
});
