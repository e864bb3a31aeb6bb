import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('while the language service loads for the first query, the process goes on, and it ends when the query is answered', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, 'first-query.fixture.ts')],
    {
      timeout: 30_000, // one that does not end is ended
    },
  );
  const { tookMs, blockedMs } = JSON.parse(stdout) as { tookMs: number; blockedMs: number };
  expect(blockedMs).toBeGreaterThan(0);
  expect(blockedMs).toBeLessThan(tookMs / 2);
});
