// only with: worker or topic
import { createOrders } from '../../../src/business/orders/index.ts';
import type { ReceivedMessage, ServiceBusMessage } from '../../../src/platform/messaging.ts';
import { recordedLog } from '../../platform/recorded-log.ts';

/** Hands one message to the handler of `source` and answers what the handler has sent and logged. Throws what it throws. */
export async function handle(source: string, body: unknown, settings: Record<string, string> = {}) {
  const sent: { target: string; message: ServiceBusMessage }[] = [];
  const called: string[] = [];
  const log = recordedLog();
  await createOrders().handlers?.[source]?.({ body } as ReceivedMessage, {
    log,
    settings,
    attempt: 1,
    signal: AbortSignal.timeout(5_000),
    async send(target, message) {
      sent.push({ target, message });
    },
    call(dependency, run) {
      called.push(dependency);
      return run();
    },
  });
  return { sent, called, lines: log.lines };
}

export const order = { orderId: '5f0c6f2e-7d5b-4a9e-9f57-0b1e0c8a4b11', item: 'lamp', quantity: 2 };
