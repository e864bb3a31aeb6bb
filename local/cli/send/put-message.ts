import { ServiceBusClient } from '@azure/service-bus';

const DEADLINE_MS = 5_000;

/** Puts a message into a queue or topic, as another system would. Rejects when the broker does not take it. */
export async function putMessage(
  connectionString: string,
  { target, messageId, body }: { target: string; messageId: string; body: Buffer },
): Promise<void> {
  const client = new ServiceBusClient(connectionString, { retryOptions: { timeoutInMs: DEADLINE_MS, maxRetries: 0 } });
  try {
    await client.createSender(target).sendMessages({ messageId, body, contentType: 'application/json' });
  } finally {
    await client.close();
  }
}
