import { withDeadline } from '../deadline.ts';
import type { HealthCheck } from '../health.ts';
import type { Logger } from '../log.ts';
import { brokerCode, brokerError } from './persist.ts';
import { rights } from './rights.ts';

type Use = keyof typeof rights;
type Open = (signal: AbortSignal) => Promise<unknown>;

/** An entity that this service uses, and the call that shows whether it can. */
export const usedEntity = (use: Use, name: string, open: Open) => ({ use, name, open });
export type UsedEntity = ReturnType<typeof usedEntity>;

interface EntityCheckOptions {
  namespace: string;
  entities: readonly UsedEntity[];
  log: Logger;
  deadlineMs?: number;
}

/**
 * Opens every entity once, at start. Throws one error that names every missing or forbidden entity and what to do:
 * without this check the SDK would retry for ever and log nothing. If the broker cannot be reached, it only logs a
 * warning, because the broker may come back.
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
      } catch (error) {
        const fault = faultOf(entity, namespace, error);
        if (fault) return [fault];
        const facts = { entity: entity.name, namespace, error: brokerError(error) };
        log.warning('Service Bus cannot be reached yet', facts);
      }
      return [];
    }),
  );
  if (faults.flat().length > 0) throw new Error(faults.flat().join('\n'));
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

const shown = {
  'send to': { name: 'service-bus-send', roles: ['api'] },
  'receive from': { name: 'service-bus-receive', roles: ['worker'] },
} as const;

/** One health check for sending and one for receiving. Each is ok while all its entities can be opened. */
export const healthChecksOf = (entities: readonly UsedEntity[]): HealthCheck[] =>
  (['send to', 'receive from'] as const).flatMap((use) => {
    const used = entities.filter((entity) => entity.use === use);
    return used.length === 0 ? [] : [{ ...shown[use], needed: true, check: (signal) => openAll(used, signal) }];
  });

async function openAll(entities: readonly UsedEntity[], signal: AbortSignal): ReturnType<HealthCheck['check']> {
  try {
    await Promise.all(entities.map(({ open }) => open(signal)));
    return { ok: true };
  } catch (error) {
    const inner = brokerError(error);
    return { ok: false, reason: inner instanceof Error ? inner.message : String(inner) };
  }
}
