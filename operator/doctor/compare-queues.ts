import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from '../../src/config/environment.ts';
import { createAdministrationClient } from '../../src/platform/administration-client.ts';
import { CommandRefused } from '../command-refused.ts';
import type { DoctorContext, Found } from './doctor-check.ts';
import { openEntities } from './open-entities.ts';

type Settings = Readonly<Record<string, unknown>>;

const compared = [
  ...['lockDuration', 'maxDeliveryCount', 'requiresSession'],
  ...['requiresDuplicateDetection', 'duplicateDetectionHistoryTimeWindow'],
];

/** Compares the entities of the namespace with `infra/queues.json`. Throws `CommandRefused` without the right to read them. */
export async function compareQueues(context: DoctorContext): Promise<Found> {
  if (!(await context.ask(openEntities)).reachable) return {};
  const { connection, credential, run } = context.target;
  if (!connection) return {};
  const adminUrl = run?.serviceBusAdmin ?? textOf(context.env, 'SERVICEBUS_ADMIN_URL');
  const client = createAdministrationClient(connection, credential, adminUrl);
  const { queues = {}, topics = {} } = JSON.parse(readFileSync(join(context.root, 'infra/queues.json'), 'utf8'));
  const locks: string[] = [];
  const others: string[] = [];
  const compare = async (name: string, wanted: Settings, read: Promise<object>) => {
    const actual: Settings = { ...(await read.catch(explain)) };
    for (const key of compared)
      if (key in wanted && key in actual && lengthOf(wanted[key]) !== lengthOf(actual[key]))
        (key === 'lockDuration' ? locks : others).push(
          `${name}: ${key} is ${actual[key]}, and ${wanted[key]} in infra/queues.json.`,
        );
  };
  for (const [name, wanted] of Object.entries<Settings>(queues)) await compare(name, wanted, client.getQueue(name));
  for (const [topic, { subscriptions = {}, ...wanted }] of Object.entries<
    Settings & { subscriptions?: Record<string, Settings> }
  >(topics)) {
    await compare(topic, wanted, client.getTopic(topic));
    for (const [name, own] of Object.entries(subscriptions))
      await compare(`${topic}/${name}`, own, client.getSubscription(topic, name));
  }
  return { 'queue-lock-differs': locks, 'queue-settings-differ': others };
}

/** Nothing for a missing entity, which has a code of its own. */
function explain({ statusCode, message }: Error & { statusCode?: number }): object {
  if (statusCode === 404) return {};
  const role = 'to read the settings of queues, assign yourself the role "Azure Service Bus Data Owner"';
  throw new CommandRefused(statusCode === 401 || statusCode === 403 ? role : `queues cannot be read: ${message}`);
}

const duration = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** The seconds of a duration, because PT60S and PT1M are equal; any other value as text. */
function lengthOf(value: unknown): string | number {
  const parts = duration.exec(String(value))?.slice(1);
  return (
    parts?.reduce((sum, part, index) => sum + Number(part ?? 0) * ([86_400, 3_600, 60][index] ?? 1), 0) ?? `${value}`
  );
}
