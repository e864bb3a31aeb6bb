import { expect, test, vi } from 'vitest';
import { newStateDir, startSpool } from './tested-spool.ts';

const takeOver = vi.hoisted(() => vi.fn(() => new Promise<never>(() => {})));
vi.mock('../../../../src/observability/modules/telemetry-spool/takeover.ts', async (load) => ({
  ...(await load<object>()),
  takeOver,
}));

test('a disk that hangs is looked at once: four looks would hold every thread that resolves names', async (ends) => {
  const ticks = vi.fn();
  const timer = setInterval(ticks, 5);
  ends.onTestFinished(() => clearInterval(timer));
  startSpool(ends, { stateDir: newStateDir(ends), lookAroundMs: 5 });
  await vi.waitFor(() => expect(ticks.mock.calls.length).toBeGreaterThan(10));
  expect(takeOver).toHaveBeenCalledTimes(1);
});
