import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { defineEvents } from '../../src/observability/events.ts';
import { median } from './statistics.ts';

/** What announcing costs while no module listens: nanoseconds a call, with the object of its values, and bytes kept of all. */
export interface UnheardResult {
  nanoseconds: number;
  budget: number;
  announced: number;
  keptBytes: number;
}

const batches = 60;
const batchSize = 50_000;
const budget = 50;

/** Measures in this process, in which nothing may subscribe to events. */
export function measureUnheard(): UnheardResult {
  const { happened } = defineEvents('bench', {
    happened: { when: 'the bench measures', fields: { id: 'string', who: 'personal', bytes: 'bytes' } },
  });
  const announce = () => {
    const startedAt = process.hrtime.bigint();
    for (let n = 0; n < batchSize; n++) happened({ id: 'id', who: 'ann', bytes: n });
    return Number(process.hrtime.bigint() - startedAt) / batchSize;
  };
  announce(); // compiled before it counts
  const before = heapInUse();
  const times = Array.from({ length: batches }, announce);
  return { nanoseconds: median(times), budget, announced: batches * batchSize, keptBytes: heapInUse() - before };
}

function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(measureUnheard())}\n`);
