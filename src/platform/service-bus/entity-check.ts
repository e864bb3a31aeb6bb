import { withDeadline } from '../deadline.ts';
import type { HealthCheck } from '../health.ts';
import type { Logger } from '../log.ts';
import { brokerCode, brokerError } from './persist.ts';

/** What an identity needs to use an entity: an Azure role, or the claim of a connection string. */
export const rights = {
  'send to': { role: 'Azure Service Bus Data Sender', claim: 'Send' },
  'receive from': { role: 'Azure Service Bus Data Receiver', claim: 'Listen' },
} as const;

type Use = keyof typeof rights;
type Open = (signal: AbortSignal) => Promise<unknown>;

/** An entity that this service uses, and the call that shows whether it can. */
export const usedEntity = (use: Use, name: string, open: Open) => ({ use, name, open });
export type UsedEntity = ReturnType<typeof usedEntity>;

/**
 * Opens every entity once, at start. Throws one error that names every missing or forbidden entity and what to do:
 * without this check the SDK would retry for ever and log nothing. If the broker cannot be reached, it only logs a
 * warning, because the broker may come back.
 */
export async function checkEntities(
  namespace: string,
  entities: readonly UsedEntity[],
  log: Logger,
  deadlineMs = 10_000,
): Promise<void> {
  const late = () => new Error(`Service Bus did not answer within ${deadlineMs} ms.`);
  const faultIn = (entity: UsedEntity): Promise<string | undefined> =>
    withDeadline(deadlineMs, entity.open, late).then(
      () => undefined,
      (error: unknown) => {
        const fault = sentenceFor(entity, namespace, error);
        const facts = { entity: entity.name, namespace, error: brokerError(error) };
        if (!fault) log.warning('Service Bus cannot be reached yet', facts);
        return fault;
      },
    );
  const faults = (await Promise.all(entities.map(faultIn))).filter(Boolean);
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

function sentenceFor({ name, use }: UsedEntity, namespace: string, error: unknown): string | undefined {
  const { role, claim } = rights[use];
  const sentences: Record<string, string> = {
    MessagingEntityNotFound: `has no "${name}", which this service must ${use}: deploy infra/queues.json to it.`,
    UnauthorizedAccess: `does not let this service ${use} "${name}": assign its identity the role "${role}" (a connection string needs the claim ${claim}).`,
  };
  const found = sentences[brokerCode(error) ?? ''];
  return found && `The Service Bus namespace "${namespace}" ${found}`;
}

/** One health check for sending and one for receiving. Each is ok while all its entities can be opened. */
export const healthChecksOf = (entities: readonly UsedEntity[]): HealthCheck[] =>
  [
    { use: 'send to', name: 'service-bus-send', roles: ['api'] as const },
    { use: 'receive from', name: 'service-bus-receive', roles: ['worker'] as const },
  ].flatMap(({ use, ...shown }) => {
    const opens = entities.filter((entity) => entity.use === use).map(({ open }) => open);
    const check: HealthCheck['check'] = (signal) =>
      Promise.all(opens.map((open) => open(signal))).then(
        () => ({ ok: true }),
        (error: unknown) => ({ ok: false, reason: (brokerError(error) as Error).message }),
      );
    return opens.length === 0 ? [] : [{ ...shown, needed: true, check }];
  });
