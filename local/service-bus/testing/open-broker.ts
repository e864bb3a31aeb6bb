import { type RetryOptions, ServiceBusClient, type ServiceBusReceiver } from '@azure/service-bus';
import { onTestFinished, vi } from 'vitest';
import { connectAdministration, type ServiceBus, type ServiceBusOptions, startServiceBus } from '../index.ts';

/** Short, so that a test of a failure does not wait for the SDK's defaults of half a minute and more. */
export const quickRetries: RetryOptions = { timeoutInMs: 5_000, maxRetries: 2, retryDelayInMs: 20 };

export interface OpenBroker {
  readonly broker: ServiceBus;
  readonly client: ServiceBusClient;
  /** Another client with a connection of its own. */
  connect(retryOptions?: RetryOptions): ServiceBusClient;
  readonly admin: ReturnType<typeof connectAdministration>;
}

/** A broker of the test's own with a client; both end with the test. `q` is there when no entities are given. */
export async function openBroker(options: Partial<ServiceBusOptions> = {}): Promise<OpenBroker> {
  const broker = await startServiceBus({ entities: { queues: { q: {} } }, ...options });
  const clients: ServiceBusClient[] = [];
  const connect = (retryOptions = quickRetries): ServiceBusClient => {
    const client = new ServiceBusClient(broker.connectionString, { retryOptions });
    clients.push(client);
    return client;
  };
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await broker.stop();
  });
  return { broker, client: connect(), connect, admin: connectAdministration(broker.adminUrl) };
}

/** Nobody renews a lock behind the test's back. */
export const noRenewal = { maxAutoLockRenewalDurationInMs: 0 } as const;

/** Receives exactly this many, or what comes in five seconds. */
export async function take(receiver: ServiceBusReceiver, count = 1) {
  return receiver.receiveMessages(count, { maxWaitTimeInMs: 5_000 });
}

/** The one message that must be there. */
export async function takeOne(receiver: ServiceBusReceiver) {
  const [message] = await take(receiver);
  return present(message);
}

/** What is there at once. */
export async function takeNothing(receiver: ServiceBusReceiver) {
  return receiver.receiveMessages(1, { maxWaitTimeInMs: 50 });
}

/** The error that the promise must be rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  const outcome = await promise.then(
    () => undefined,
    (error: Error) => error,
  );
  if (!outcome) throw new Error('The promise was fulfilled');
  return outcome;
}

/** The value that must be there. */
export function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('There is no value');
  return value;
}

/** Waits until the check passes; far longer than it ever takes, because the machine may be busy. */
export async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 10_000, interval: 10 });
}
