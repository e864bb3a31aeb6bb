import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createDiskStore, type StoredBatch } from '../../../../src/observability/modules/telemetry-spool/disk-store.ts';
import { newStateDir } from './tested-spool.ts';

test('a disk that hangs is waited for once, then not asked, and used again when it answers', async (ends) => {
  const inFolder = createDiskStore(join(newStateDir(ends), 'own'));
  const held = Promise.withResolvers<void>();
  const written: StoredBatch[] = [];
  const store = createDiskStore('', {
    timeoutMs: 30,
    write: async (_folder, body, at) => {
      await held.promise;
      const batch = await inFolder.save(body, at);
      written.push(batch);
      return batch;
    },
  });

  const both = await Promise.allSettled([store.save('[1]', 1), store.save('[2]', 2)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const startedAt = performance.now();
  await expect(store.save('[3]', 3)).rejects.toThrow('does not answer');
  expect(performance.now() - startedAt).toBeLessThan(25);

  held.resolve();
  const saved = await vi.waitFor(() => store.save('[4]', 4));
  expect(await saved.read()).toBe('[4]');
  // What was given up is kept elsewhere: written after all it would be delivered twice.
  expect(written).toHaveLength(2);
  await vi.waitFor(async () => expect(await written[0]?.read()).toBeUndefined());
});
