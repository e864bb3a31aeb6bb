// A process of its own: how long its first query takes, and how long at most nothing else of it could run meanwhile.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { createEngine } from './index.ts';

const instance = await DuckDBInstance.create(':memory:');
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
await wait(50); // it measures from its second tick on
const startedAt = performance.now();
const engine = createEngine({ tables: { schema: {}, connection: () => instance.connect() } });
await engine.run('range n from 1 to 10 step 1 | summarize sum(n)');
const tookMs = performance.now() - startedAt;
await wait(50);
delay.disable();
engine.close();
process.stdout.write(JSON.stringify({ tookMs, blockedMs: delay.max / 1e6 }));
