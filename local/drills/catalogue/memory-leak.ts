import { join } from 'node:path';
import type { Drill } from '../drill-definition.ts';

const processMemory = {
  question: 'How much memory does a replica take?',
  query: `AppPerformanceCounters
| where Name == "Private Bytes"
| summarize most = max(Value)
| where isnotnull(most)
| project answer = strcat("up to ", tolong(most / 1048576), " MB")`,
};

export const memoryLeak: Drill = {
  name: 'memory-leak',
  question: 'The process takes more and more memory: who is told before the kernel ends it?',
  deploys: true,
  begin: async ({ processes }) => {
    await processes.end();
    await processes.start({ preload: [join(import.meta.dirname, '../leaking.preload.ts')] });
  },
  end: async ({ processes }) => {
    await processes.end();
    await processes.start();
  },
  mustFire: [{ rule: 'memory', from: 4, why: 'The replica holds more than four fifths of its memory.' }],
  mayFire: [],
  signals: [processMemory],
};
