import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Ending } from './service-process.ts';
import { superviseService } from './supervisor.ts';

/** A supervisor over processes that do what a test tells them. */
function setUp() {
  const log: string[] = [];
  const processes: { end(ending: Ending): void; becomeReady(): void }[] = [];
  let ready = Promise.withResolvers<void>();
  const supervisor = superviseService({
    launch() {
      const number = processes.length + 1;
      const ended = Promise.withResolvers<Ending>();
      ready = Promise.withResolvers<void>();
      log.push(`launch ${number}`);
      processes.push({ end: ended.resolve, becomeReady: ready.resolve });
      return {
        pid: number,
        ended: ended.promise,
        async stop() {
          log.push(`stop ${number}`);
          await setImmediate();
          ended.resolve('exit code 0');
          log.push(`stopped ${number}`);
        },
        kill: () => log.push(`kill ${number}`),
      };
    },
    waitUntilReady: () => ready.promise,
    watcher: {
      ready: async () => void log.push('ready'),
      ended: async (ending, wasReady) => void log.push(`${wasReady ? 'crashed' : 'failed'}: ${ending}`),
    },
  });
  /** Lets everything happen that is going to happen by itself. */
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    return log.splice(0);
  };
  return { supervisor, settle, process: (number: number) => processes[number - 1] };
}

test('one that fails to start is told once and left alone until a change', async () => {
  const { supervisor, settle, process } = setUp();
  process(1)?.end('exit code 1');
  expect(await settle()).toEqual(['launch 1', 'failed: exit code 1']);
  supervisor.restart();
  expect((await settle()).at(-1)).toBe('launch 2');
  await supervisor.stop();
});

test('one that ends by itself after it was ready is told and left alone', async () => {
  const { supervisor, settle, process } = setUp();
  process(1)?.becomeReady();
  expect(await settle()).toEqual(['launch 1', 'ready']);
  process(1)?.end('signal SIGKILL');
  expect(await settle()).toEqual(['crashed: signal SIGKILL']);
  await supervisor.stop();
});

test('a change stops the old one before it starts the new one, and several changes make one new one', async () => {
  const { supervisor, settle, process } = setUp();
  process(1)?.becomeReady();
  await settle();
  supervisor.restart();
  supervisor.restart();
  expect(await settle()).toEqual(['stop 1', 'stopped 1', 'launch 2']);
  process(2)?.becomeReady();
  expect(await settle()).toEqual(['ready']);
  await supervisor.stop();
});

test('a change while it still starts does not wait for it to be ready', async () => {
  const { supervisor, settle } = setUp();
  await settle();
  supervisor.restart();
  expect(await settle()).toEqual(['stop 1', 'stopped 1', 'launch 2']);
  await supervisor.stop();
});

test('a stop ends it for good, whatever else is wished', async () => {
  const { supervisor, settle } = setUp();
  await settle();
  supervisor.restart();
  const stopped = supervisor.stop();
  supervisor.restart();
  await stopped;
  expect(await settle()).toEqual(['stop 1', 'stopped 1']);
});
