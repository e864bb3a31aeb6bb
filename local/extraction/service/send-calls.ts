import { Agent, request } from 'node:http';
import { clientHeaders, methodsOfRoutes, unknownPath } from './client-headers.ts';
import type { LastCall } from './last-calls.ts';

const atOnce = 32;

/**
 * Sends each call as a request of its own to the service, in order, some at once; resolves with how many got each status. `tokenOf`
 * gives the token of an account.
 */
export async function sendCalls(
  url: string,
  calls: readonly LastCall[],
  { tokenOf, told = () => undefined }: { tokenOf(account: number): Promise<string>; told?: () => void },
): Promise<ReadonlyMap<number, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const statuses = new Map<number, number>();
  const queue = calls.values();
  const work = async () => {
    for (const call of queue) {
      const status = await send(url, call, await tokenOf(call.account), agent);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      told();
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
    return statuses;
  } finally {
    agent.destroy();
  }
}

function send(url: string, { fingerprint, route }: LastCall, token: string, agent: Agent): Promise<number> {
  const { host } = new URL(url);
  return new Promise((resolve, reject) => {
    const headers = [...clientHeaders(fingerprint, host, token)];
    const asking = request(new URL(unknownPath, url), { agent, headers, method: methodsOfRoutes[route] ?? 'GET' });
    asking.on('error', reject);
    asking.on('response', (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    asking.end();
  });
}
