import { EventEmitter } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createLifecycle, type Host } from '../../src/platform/lifecycle.ts';
import { recordedLog } from './recorded-log.ts';

/** A lifecycle whose process is an event emitter and whose exit is written down. */
function lifecycle({ graceMs = 1_000, connected }: { graceMs?: number; connected?: boolean } = {}) {
  const log = recordedLog();
  const exits: number[] = [];
  const exit = (code: number) => void exits.push(code);
  const host: Host = Object.assign(new EventEmitter(), { connected, exit });
  return { ...createLifecycle({ graceMs, log, process: host }), log, host, exits };
}

const warnings = ({ lines }: ReturnType<typeof recordedLog>) => lines.filter(({ severity }) => severity === 'warning');
const forever = () => new Promise<void>(() => {});

test('it is starting, then ready, then stopping', async () => {
  const { start, state, stop } = lifecycle();
  expect(state()).toBe('starting');
  await start(async () => expect(state()).toBe('starting'));
  expect(state()).toBe('ready');
  const stopped = stop('test');
  expect(state()).toBe('stopping');
  await stopped;
  expect(state()).toBe('stopping');
});

test('what was added last is stopped first, one after the other, and then the process exits with 0', async () => {
  const { add, stop, exits } = lifecycle();
  const order: string[] = [];
  for (const name of ['telemetry', 'http', 'receiver']) {
    add(name, async () => {
      order.push(`${name} stops`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} stopped`);
    });
  }
  await stop('test');
  expect(order).toEqual([
    'receiver stops',
    'receiver stopped',
    'http stops',
    'http stopped',
    'telemetry stops',
    'telemetry stopped',
  ]);
  expect(exits).toEqual([0]);
});

test('the state is already stopping while the first step runs, so that readiness says so', async () => {
  const { add, stop, state } = lifecycle();
  const seen: string[] = [];
  add('receiver', () => void seen.push(state()));
  await stop('test');
  expect(seen).toEqual(['stopping']);
});

test('a hanging step does not keep it from exiting in its grace period', async () => {
  const { add, stop, log, exits } = lifecycle({ graceMs: 100 });
  const flushed: string[] = [];
  add('telemetry', () => void flushed.push('telemetry'), { reserveMs: 10 });
  add('receiver', forever);
  const startedAt = performance.now();
  await stop('test');
  expect(performance.now() - startedAt).toBeLessThan(100 + 1_000);
  expect(warnings(log).map(({ fields }) => fields.step)).toEqual(['receiver']);
  expect(flushed).toEqual(['telemetry']);
  expect(exits).toEqual([0]);
});

test('a start that fails stops what was added, is logged, and exits with 1', async () => {
  const { add, start, state, log, exits } = lifecycle();
  const stopped: string[] = [];
  const error = new Error('the queue is missing');
  await start(async () => {
    add('telemetry', () => void stopped.push('telemetry'));
    throw error;
  });
  expect(stopped).toEqual(['telemetry']);
  expect(log.lines[0]).toEqual({ severity: 'error', message: 'the service could not start', fields: { error } });
  expect(state()).toBe('stopping');
  expect(exits).toEqual([1]);
});

test('a signal during the start stops what is added until then and what is still added; it never becomes ready', async () => {
  const { add, start, state, host, exits } = lifecycle();
  const stopped: string[] = [];
  await start(async () => {
    add('telemetry', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      stopped.push('telemetry');
    });
    host.emit('SIGTERM', 'SIGTERM');
    add('http', () => void stopped.push('http'));
  });
  expect(state()).toBe('stopping');
  await vi.waitFor(() => expect(exits).toEqual([0]));
  expect(stopped.sort()).toEqual(['http', 'telemetry']);
});

test('SIGTERM and SIGINT stop with exit 0', async () => {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    const { host, exits, state } = lifecycle();
    host.emit(signal, signal);
    expect(state()).toBe('stopping');
    await vi.waitFor(() => expect(exits).toEqual([0]));
  }
});

test('a second signal within a second is the same Ctrl-C; after that it exits at once with its number', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { add, host, exits, log } = lifecycle({ graceMs: 50 });
  add('receiver', forever);
  host.emit('SIGINT', 'SIGINT');
  vi.advanceTimersByTime(1_000);
  host.emit('SIGINT', 'SIGINT');
  expect(exits).toEqual([]);
  vi.advanceTimersByTime(1);
  host.emit('SIGTERM', 'SIGTERM');
  expect(exits).toEqual([143]);
  host.emit('SIGINT', 'SIGINT');
  expect(exits).toEqual([143, 130]);
  expect(warnings(log)[0]?.message).toBe('a second signal: exit at once');
});

test('a crash is logged with its error, gives messages back and flushes, and exits with 1', async () => {
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    const { add, host, log, exits } = lifecycle();
    const flushed: string[] = [];
    add('telemetry', () => void flushed.push(log.lines[0]?.message ?? 'nothing'));
    const error = new Error('boom');
    host.emit(event, error, event);
    await vi.waitFor(() => expect(exits).toEqual([1]));
    expect(log.lines[0]).toMatchObject({ severity: 'error', fields: { error } });
    expect(flushed).toEqual([event === 'uncaughtException' ? 'uncaught exception' : 'unhandled rejection']);
  }
});

test('after a crash the shutdown takes five seconds at most, whatever the grace period', async () => {
  const { host, log, exits } = lifecycle({ graceMs: 60_000 });
  host.emit('uncaughtException', new Error('boom'));
  await vi.waitFor(() => expect(exits).toEqual([1]));
  expect(log.lines).toContainEqual({
    severity: 'info',
    message: 'stopping',
    fields: { why: 'uncaught exception', withinMs: 5_000 },
  });
});

test('an error while it stops is logged, does not begin anew, and turns the exit code to 1', async () => {
  const { add, host, log, exits } = lifecycle();
  let runs = 0;
  add('receiver', async () => {
    runs += 1;
    host.emit('uncaughtException', new Error('boom'));
  });
  host.emit('SIGTERM', 'SIGTERM');
  await vi.waitFor(() => expect(exits).toEqual([1]));
  expect(runs).toBe(1);
  expect(log.lines.filter(({ severity }) => severity === 'error')).toHaveLength(1);
});

test('a signal after a crash does not make it a clean end', async () => {
  const { host, exits } = lifecycle();
  host.emit('uncaughtException', new Error('boom'));
  host.emit('SIGTERM', 'SIGTERM');
  await vi.waitFor(() => expect(exits).toEqual([1]));
});

test('a parent that goes away stops it like SIGTERM, also when it went before the service listened', async () => {
  const attached = lifecycle({ connected: true });
  attached.host.emit('disconnect');
  await vi.waitFor(() => expect(attached.exits).toEqual([0]));
  const orphan = lifecycle({ connected: false });
  await vi.waitFor(() => expect(orphan.exits).toEqual([0]));
});

test('without a channel to a parent nothing is listened for on it', () => {
  expect(lifecycle().host.listenerCount('disconnect')).toBe(0);
});

test('it exits even when the log itself fails', async () => {
  const exits: number[] = [];
  const fail = () => {
    throw new Error('the log is broken');
  };
  const log = { debug: fail, info: fail, warning: fail, error: fail };
  const { stop } = createLifecycle({
    graceMs: 100,
    log,
    process: Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) }),
  });
  await expect(stop('test')).rejects.toThrow('the log is broken');
  expect(exits).toEqual([0]);
});
