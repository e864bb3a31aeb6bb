import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';

const PAUSE_MS = 50;

/** Resolves when the service says that it is ready. Rejects when `signal` aborts. */
export async function waitUntilReady(service: string, signal: AbortSignal): Promise<void> {
  while (!(await isReady(service, signal))) await setTimeout(PAUSE_MS, undefined, { signal });
}

function isReady(service: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    // No agent: the global one may be told to use a proxy, and a kept connection would outlive the service.
    request(new URL('/health/ready', service), { agent: false, signal }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    })
      .once('error', () => resolve(false))
      .end();
  });
}
