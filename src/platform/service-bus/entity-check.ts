import { withDeadline } from '../deadline.ts';
import type { Logger } from '../log.ts';
import { brokerCode, brokerError } from './persist.ts';
import { rights } from './rights.ts';

/** An entity that this service works with, and the call that proves that it can. */
export interface UsedEntity {
  name: string;
  use: 'receive from' | 'send to';
  open(signal: AbortSignal): Promise<unknown>;
}

interface EntityCheckOptions {
  namespace: string;
  entities: readonly UsedEntity[];
  log: Logger;
  deadlineMs?: number;
}

/**
 * Opens every entity once, at start. Throws when one is missing or forbidden, with all of them and what to do: without
 * this the SDK tries for ever and says nothing. A broker that cannot be reached stops nothing, it may come back.
 */
export async function checkEntities({
  namespace,
  entities,
  log,
  deadlineMs = 10_000,
}: EntityCheckOptions): Promise<void> {
  const late = () => new Error(`Service Bus did not answer within ${deadlineMs} ms.`);
  const faults = await Promise.all(
    entities.map(async (entity) => {
      try {
        await withDeadline(deadlineMs, entity.open, late);
        return undefined;
      } catch (error) {
        const fault = faultOf(entity, namespace, error);
        if (!fault)
          log.warning('Service Bus cannot be reached yet', {
            entity: entity.name,
            namespace,
            error: brokerError(error),
          });
        return fault;
      }
    }),
  );
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length > 0) throw new Error(found.join('\n'));
}

function faultOf({ name, use }: UsedEntity, namespace: string, error: unknown): string | undefined {
  switch (brokerCode(error)) {
    case 'MessagingEntityNotFound':
      return `The Service Bus namespace "${namespace}" has no "${name}", which this service must ${use}: deploy infra/queues.json to it.`;
    case 'UnauthorizedAccess': {
      const { role, claim } = rights[use];
      return `The Service Bus namespace "${namespace}" does not let this service ${use} "${name}": assign its identity the role "${role}" (a connection string needs the claim ${claim}).`;
    }
    default:
      return undefined;
  }
}
