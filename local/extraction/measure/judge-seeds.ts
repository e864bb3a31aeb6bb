import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SeedResult, SeedTask } from './judge-seed.ts';

/** Judges seeds in threads, as many at once as there are cores; the results are in the order of the tasks. */
export async function judgeSeeds(tasks: readonly SeedTask[], told: () => void): Promise<SeedResult[]> {
  const queue = tasks.entries();
  const results: SeedResult[] = [];
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./seed.worker.ts', import.meta.url));
    try {
      for (let next = queue.next(); !next.done; next = queue.next()) {
        const [at, task] = next.value;
        results[at] = await ask(worker, task, told);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(tasks.length, availableParallelism()) }, work));
  return results;
}

function ask(worker: Worker, task: SeedTask, told: () => void): Promise<SeedResult> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners();
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`The thread of seed ${task.seed} ended with ${code}.`)));
    worker.on('message', (message: SeedResult | 'cell') => (message === 'cell' ? told() : resolve(message)));
    worker.postMessage(task);
  });
}
