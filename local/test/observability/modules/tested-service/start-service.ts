import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ChildSettings } from './child.ts';

export type { ChildSettings };

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

export interface TestedService {
  url: string;
  /** Sends JSON when there is a body; resolves with status and parsed body, if any. */
  send(method: string, path: string, options?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  /** Posts a text as it stands; what it says is for the service to read. */
  sendText(path: string, body: string): Promise<void>;
  /** Standard output, a parsed line each; fails on a line that is no JSON. */
  lines(): Record<string, unknown>[];
  /** Sends the last telemetry and ends. */
  stop(): Promise<void>;
}

const containerApp = {
  CONTAINER_APP_NAME: 'app',
  CONTAINER_APP_REVISION: 'app--1',
  CONTAINER_APP_HOSTNAME: 'app--1.test',
  CONTAINER_APP_REPLICA_NAME: 'app--1-x',
  CONTAINER_APP_ENV_DNS_SUFFIX: 'test',
  CONTAINER_APP_PORT: '8080',
};

/** The modules of a level in a process of their own, as in production: the SDK owns globals and standard output. */
export async function startService(
  settings: ChildSettings,
  { sendEveryMs = 100, env = {} }: { sendEveryMs?: number; env?: Readonly<Record<string, string>> } = {},
): Promise<TestedService> {
  const child = fork(join(import.meta.dirname, 'child.ts'), [JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      ...process.env,
      APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
      // On Container Apps, as in production: elsewhere the SDK looks for the metadata of a virtual machine.
      ...containerApp,
      // What the SDK calls without a switch of its own meets a closed door.
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '127.0.0.1,localhost',
      OTEL_BSP_SCHEDULE_DELAY: String(sendEveryMs),
      OTEL_BLRP_SCHEDULE_DELAY: String(sendEveryMs),
      ...env,
    },
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const exited = once(child, 'exit');
  const [address] = (await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => Promise.reject(new Error(`The service ended with ${code}: ${output}`))),
  ])) as [AddressInfo];

  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    async send(method, path, { body, headers } = {}) {
      const response = await fetch(url + path, {
        method,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    async sendText(path, body) {
      const response = await fetch(url + path, { method: 'POST', body });
      if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
    },
    lines: () =>
      output
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    async stop() {
      if (child.exitCode === null && child.connected) child.send('stop');
      await exited;
    },
  };
}
