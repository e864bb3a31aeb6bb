import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runSteps, type Step } from '../../src/platform/shutdown.ts';
import { recordedLog } from './recorded-log.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const forever = () => new Promise<void>(() => {});
const step = (name: string, stop: Step['stop'], reserveMs = 500): Step => ({ name, stop, reserveMs });

/** Runs the steps, the last one first, and tells when what happened. */
async function shutDown(graceMs: number, build: (note: (what: string) => void) => Step[]) {
  const startedAt = performance.now();
  const log = recordedLog();
  const happened: [number, string][] = [];
  const note = (what: string) => {
    happened.push([Math.round(performance.now() - startedAt), what]);
  };
  const done = runSteps(build(note), { graceMs, log }).then(() => note('done'));
  await vi.advanceTimersByTimeAsync(graceMs + 1_000);
  await done;
  return { happened, warnings: log.lines.filter(({ severity }) => severity === 'warning') };
}

test('a step that hangs is told a second before its time is up, named in a warning and left behind', async () => {
  const { happened, warnings } = await shutDown(25_000, (note) => [
    step('telemetry', () => note('telemetry'), 3_000),
    step('http', () => note('http')),
    step('receiver', (deadline) => {
      deadline.addEventListener('abort', () => note('deadline'));
      return forever();
    }),
  ]);
  expect(happened).toEqual([
    [20_500, 'deadline'],
    [21_500, 'http'],
    [21_500, 'telemetry'],
    [21_500, 'done'],
  ]);
  expect(warnings).toEqual([
    {
      severity: 'warning',
      message: 'a step of the shutdown hangs and is left behind',
      fields: { step: 'receiver', ms: 21_500 },
    },
  ]);
});

test('a step that ends at its deadline is not left behind', async () => {
  const { happened, warnings } = await shutDown(10_000, () => [
    step('receiver', (deadline) => new Promise((resolve) => deadline.addEventListener('abort', () => resolve()))),
  ]);
  expect(happened).toEqual([[9_000, 'done']]);
  expect(warnings).toEqual([]);
});

test('the flush has its reserve even when everything before it used up all the time', async () => {
  const { happened } = await shutDown(25_000, (note) => [
    step(
      'telemetry',
      async (deadline) => {
        note('flush begins');
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        note(deadline.aborted ? 'too late' : 'flushed');
      },
      3_000,
    ),
    step('http', forever),
    step('receiver', forever),
  ]);
  expect(happened).toEqual([
    [22_000, 'flush begins'],
    [24_000, 'flushed'],
    [24_000, 'done'],
  ]);
});

test('when every step hangs it is over at the end of the grace period', async () => {
  const { happened, warnings } = await shutDown(25_000, () => [
    step('telemetry', forever, 3_000),
    step('messaging', forever),
    step('http', forever),
    step('receiver', forever),
  ]);
  expect(happened).toEqual([[25_000, 'done']]);
  expect(warnings.map(({ fields }) => fields.step)).toEqual(['receiver', 'http', 'messaging', 'telemetry']);
});

test('in a short grace period the reserves shrink to half of it', async () => {
  const { happened } = await shutDown(1_000, (note) => [
    step('telemetry', () => note('telemetry'), 3_000),
    step('http', () => note('http'), 1_000),
    step('receiver', forever, 0),
  ]);
  expect(happened).toEqual([
    [500, 'http'],
    [500, 'telemetry'],
    [500, 'done'],
  ]);
});

test('what is quick gives its time to the next, and a step that is added meanwhile runs too', async () => {
  const { happened } = await shutDown(10_000, (note) => {
    const steps = [step('telemetry', () => note('telemetry'))];
    steps.push(
      step('receiver', () => {
        note('receiver');
        steps.push(step('late', () => note('late')));
      }),
    );
    return steps;
  });
  expect(happened).toEqual([
    [0, 'receiver'],
    [0, 'late'],
    [0, 'telemetry'],
    [0, 'done'],
  ]);
});

test('a step that fails, at once or later, is named with its error and the rest still runs', async () => {
  const error = new Error('already closed');
  const { happened, warnings } = await shutDown(1_000, (note) => [
    step('telemetry', () => note('telemetry')),
    step('http', () => {
      throw error;
    }),
    step('receiver', () => Promise.reject(error)),
  ]);
  expect(happened.map(([, what]) => what)).toEqual(['telemetry', 'done']);
  expect(warnings.map(({ message, fields }) => ({ message, fields }))).toEqual([
    { message: 'a step of the shutdown failed', fields: { step: 'receiver', error } },
    { message: 'a step of the shutdown failed', fields: { step: 'http', error } },
  ]);
});
