import { expect, test } from 'vitest';
import { containerApp, scenario } from './snapshots.ts';

test('the identity that reads queues is given to the app that works on messages, and to no other', () => {
  const idsOf = (app: 'app' | 'worker', topology: 'single' | 'split', level = 3) => {
    const env = containerApp(scenario(level, topology), app)?.template.containers[0]?.env ?? [];
    return env.filter(({ name }) => name === 'QUEUE_READER_CLIENT_ID').map(({ value }) => value);
  };
  expect(idsOf('app', 'single')).toEqual([expect.stringContaining('/id-queue-reader-')]);
  expect(idsOf('worker', 'split')).toEqual([expect.stringContaining('/id-queue-reader-')]);
  expect(idsOf('app', 'split')).toEqual([]);
  expect(idsOf('app', 'single', 2)).toEqual([]);
});
