// only with: api
import { onTestFinished } from 'vitest';
import { createOrders } from '../../../src/business/orders/index.ts';
import { createHost } from '../../../src/platform/host.ts';
import type { ServiceBusMessage } from '../../../src/platform/messaging.ts';
import { listen } from '../../../src/platform/server.ts';
import { recordedLog } from '../../platform/recorded-log.ts';

/** The routes of this business as the service runs them, with a broker that keeps what it is sent. */
export async function runningOrders() {
  const sent: { target: string; message: ServiceBusMessage }[] = [];
  const log = recordedLog();
  const send = async (target: string, message: ServiceBusMessage) => {
    sent.push({ target, message });
  };
  const tools = () => ({ send, log, settings: {} });
  const app = createHost({ businesses: [createOrders()], tools, routes: [], http: [], log });
  const server = await listen(app, 0, '127.0.0.1');
  onTestFinished(() => server.close(AbortSignal.abort()));

  /** Posts text as it is, anything else as JSON. */
  async function post(body: unknown, contentType = 'application/json') {
    const response = await fetch(`http://127.0.0.1:${server.port}/orders`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  return { post, sent };
}
