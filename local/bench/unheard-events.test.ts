import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { UnheardResult } from './unheard-events.ts';

test('an event that no module hears costs less than its budget, and nothing of it is kept', () => {
  // In a process of its own: another test of this one may listen.
  const output = execFileSync(process.execPath, [join(import.meta.dirname, 'unheard-events.ts')], { encoding: 'utf8' });
  const { nanoseconds, budget, announced, keptBytes } = JSON.parse(output) as UnheardResult;
  expect(nanoseconds).toBeLessThan(budget);
  expect(announced).toBeGreaterThan(1_000_000);
  expect(keptBytes / announced).toBeLessThan(0.1);
});
