import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Latencies in milliseconds. */
export interface LoadResult {
  requestsPerSecond: number;
  p50: number;
  p99: number;
  failed: number;
}

/** Presses as hard as `connections` connections can, from a process of its own. */
export async function load(
  url: string,
  { seconds, connections = 32 }: { seconds: number; connections?: number },
): Promise<LoadResult> {
  const tool = join(import.meta.dirname, 'node_modules/autocannon/autocannon.js');
  const args = [tool, '--json', '--no-progress', '-c', String(connections), '-d', String(seconds), url];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e7 });
  const { requests, latency, errors, non2xx } = JSON.parse(stdout);
  return { requestsPerSecond: requests.average, p50: latency.p50, p99: latency.p99, failed: errors + non2xx };
}
