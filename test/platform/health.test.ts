import { expect, onTestFinished, test, vi } from 'vitest';
import { createHealthMonitor, type HealthCheck } from '../../src/platform/health.ts';

type Options = Parameters<typeof createHealthMonitor>[0];

function monitor(checks: HealthCheck[], options: Partial<Options> = {}) {
  const running = createHealthMonitor({ checks, roles: ['api', 'worker'], state: () => 'ready', ...options });
  onTestFinished(() => running.stop());
  return running;
}

const check = (run: HealthCheck['check'], more: Partial<HealthCheck> = {}): HealthCheck => ({
  name: 'queue',
  needed: true,
  check: run,
  ...more,
});
const ok = async () => ({ ok: true });
const sick = async () => ({ ok: false, reason: 'refused' });

test('before its first round a check is not ok, and the first round is over when start resolves', async () => {
  const running = monitor([check(ok)]);
  expect(running.report().checks).toEqual([{ name: 'queue', needed: true, ok: false, reason: 'not checked yet' }]);
  await running.start();
  expect(running.report()).toEqual({ state: 'ready', checks: [{ name: 'queue', needed: true, ok: true }] });
});

test('figures of a check are in the report also while all is well', async () => {
  const running = monitor([check(async () => ({ ok: true, facts: { depth: 3 } }))]);
  await running.start();
  expect(running.report().checks).toEqual([{ name: 'queue', needed: true, ok: true, facts: { depth: 3 } }]);
});

test('reports run no check: a thousand of them are one check', async () => {
  let asked = 0;
  const running = monitor([
    check(async () => {
      asked += 1;
      return { ok: true };
    }),
  ]);
  await running.start();
  for (let i = 0; i < 1_000; i += 1) running.report();
  expect(asked).toBe(1);
});

test('checks are asked again and again, until it is stopped', async () => {
  let asked = 0;
  const running = monitor(
    [
      check(async () => {
        asked += 1;
        return { ok: asked > 2 };
      }),
    ],
    { intervalMs: 5 },
  );
  await running.start();
  expect(running.report().checks[0]?.ok).toBe(false);
  await vi.waitFor(() => expect(running.report().checks[0]?.ok).toBe(true));
  running.stop();
  const last = asked;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked).toBe(last);
});

test('a check that throws is not ok with its message as the reason, and the others are still asked', async () => {
  const running = monitor([
    check(async () => {
      throw new Error('no route');
    }),
    check(
      () => {
        throw 'text';
      },
      { name: 'odd' },
    ),
    check(ok, { name: 'disk' }),
  ]);
  await running.start();
  expect(running.report().checks).toEqual([
    { name: 'queue', needed: true, ok: false, reason: 'no route' },
    { name: 'odd', needed: true, ok: false, reason: 'text' },
    { name: 'disk', needed: true, ok: true },
  ]);
});

test('a check that does not answer in time is told, not ok, and not started again beside itself', async () => {
  let asked = 0;
  const signals: AbortSignal[] = [];
  let rounds = 0;
  const running = monitor(
    [
      check((signal) => {
        asked += 1;
        signals.push(signal);
        return new Promise(() => {});
      }),
      check(
        async () => {
          rounds += 1;
          return { ok: true };
        },
        { name: 'counts rounds' },
      ),
    ],
    { timeoutMs: 20, intervalMs: 5 },
  );
  await running.start();
  expect(running.report().checks[0]).toEqual({
    name: 'queue',
    needed: true,
    ok: false,
    reason: 'no answer within 20 ms',
  });
  expect(signals[0]?.aborted).toBe(true);
  await vi.waitFor(() => expect(rounds).toBeGreaterThan(3));
  expect(asked).toBe(1);
});

test('a check that was late is asked again once it has come back', async () => {
  let asked = 0;
  let comeBack = () => {};
  const running = monitor(
    [
      check(() => {
        asked += 1;
        if (asked > 1) return ok();
        return new Promise((resolve) => {
          comeBack = () => resolve({ ok: true });
        });
      }),
    ],
    { timeoutMs: 20, intervalMs: 5 },
  );
  await running.start();
  expect(running.report().checks[0]?.ok).toBe(false);
  comeBack();
  await vi.waitFor(() => expect(running.report().checks[0]?.ok).toBe(true));
});

test('stopping tells the checks that are under way', async () => {
  let told = false;
  const running = monitor(
    [
      check(
        (signal) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              told = true;
              resolve({ ok: false, reason: 'stopped' });
            });
          }),
      ),
    ],
    { timeoutMs: 60_000 },
  );
  const started = running.start();
  running.stop();
  await started;
  expect(told).toBe(true);
});

test('a check is needed in the roles that it names, in all if it names none, and in no other', async () => {
  const checks = [
    check(sick, { name: 'everywhere' }),
    check(sick, { name: 'worker', roles: ['worker'] }),
    check(sick, { name: 'api', roles: ['api'] }),
    check(sick, { name: 'nice to have', needed: false }),
  ];
  const running = monitor(checks, { roles: ['worker'] });
  await running.start();
  expect(
    running
      .report()
      .checks.filter(({ needed }) => needed)
      .map(({ name }) => name),
  ).toEqual(['everywhere', 'worker']);
});

test('the report carries the state of the moment, not that of the last round', async () => {
  let state: 'starting' | 'ready' | 'stopping' = 'starting';
  const running = monitor([check(ok)], { state: () => state });
  await running.start();
  expect(running.report().state).toBe('starting');
  state = 'ready';
  expect(running.report().state).toBe('ready');
  state = 'stopping';
  expect(running.report().state).toBe('stopping');
});

test('a check that is ok spares the needed ones that it names, and no longer once it fails', async () => {
  let stands = true;
  const other = check(async () => ({ ok: stands }), { name: 'other', needed: false, spares: ['queue'] });
  const running = monitor([check(sick), check(sick, { name: 'disk' }), other], { intervalMs: 5 });
  await running.start();
  const needed = () => running.report().checks.flatMap(({ name, needed }) => (needed ? [name] : []));
  expect(needed()).toEqual(['disk']);
  stands = false;
  await vi.waitFor(() => expect(needed()).toEqual(['queue', 'disk']));
});
