import { withDeadline } from '../../src/platform/deadline.ts';
import { closeClient, createClient, namespaceOf, openReceiver } from '../../src/platform/service-bus/clients.ts';
import { brokerCode, brokerError } from '../../src/platform/service-bus/persist.ts';
import { CommandRefused } from '../command-refused.ts';
import { explainRefusal, signInFailed } from '../explain-refusal.ts';
import type { DoctorContext, Found } from './doctor-check.ts';
import { readSound } from './read-checkout.ts';

function codeOf(error: unknown): string {
  const code = brokerCode(error);
  if (code === 'MessagingEntityNotFound') return 'queue-missing';
  const isForbidden = code === 'UnauthorizedAccess' || signInFailed.test((error as Error).name);
  return isForbidden ? 'service-bus-forbidden' : 'service-bus-unreachable';
}

/** Opens every entity as the service does at its start. `usable`: the broker refused nothing. Throws `CommandRefused`. */
export async function openEntities({ target: { connection, credential }, businesses, ask }: DoctorContext) {
  if (!connection) throw new CommandRefused('no Service Bus: run "npm start", or add --namespace');
  const { sources } = ask(readSound).queues;
  const client = createClient(connection, credential);
  const late = () => new Error('no answer within 10 s');
  const refused = new Map<string, Set<string>>();
  const open = (use: 'receive from' | 'send to', entity: string, run: () => Promise<unknown>) =>
    withDeadline(10_000, run, late).catch((thrown: unknown) => {
      const { message } = explainRefusal({ namespace: namespaceOf(connection), entity, use }, thrown) as Error;
      const code = codeOf(brokerError(thrown));
      refused.set(code, (refused.get(code) ?? new Set()).add(message));
    });
  const targets = new Set(businesses.flatMap(({ sends = [] }) => sends));
  await Promise.all([
    ...[...sources.values()].map((source) =>
      open('receive from', source.name, () => openReceiver(client, source).peekMessages(1)),
    ),
    ...[...targets].map((to) => open('send to', to, () => client.createSender(to).createMessageBatch())),
  ]);
  await closeClient(client);
  const found: Found = Object.fromEntries([...refused].map(([code, messages]) => [code, [...messages].sort()]));
  return { found, reachable: !refused.has('service-bus-unreachable'), usable: refused.size === 0 };
}
