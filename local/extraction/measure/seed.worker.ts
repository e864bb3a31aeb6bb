import { parentPort } from 'node:worker_threads';
import { judgeSeed, type SeedTask } from './judge-seed.ts';

parentPort?.on('message', async (task: SeedTask) => {
  const result = await judgeSeed(task, () => parentPort?.postMessage('cell'));
  parentPort?.postMessage(result);
});
