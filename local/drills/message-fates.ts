import { propertiesOf, sentIdOf } from '../queued-message.ts';
import type { DrilledRequest } from './drill-load.ts';
import type { DrilledMessages } from './drill-report.ts';
import type { DrilledService } from './drilled-service.ts';

type Fate = Exclude<keyof DrilledMessages, 'sent'>;

type Fated = Pick<DrilledService, 'serviceBus' | 'destination' | 'checkout'> & Partial<Pick<DrilledService, 'second'>>;

const everything = 1_000_000;

/** Where each request is now, by the ledger of the destinations and the broker alone: what the service says counts for nothing. */
export function fatesOf(
  { serviceBus, second, destination, checkout }: Fated,
  requests: readonly DrilledRequest[],
): Map<DrilledRequest, Fate> {
  const follow = checkout.business.requests?.follow;
  const names = Object.keys(checkout.destinations);
  const idOf = (message: Parameters<typeof sentIdOf>[0]): string =>
    String(propertiesOf(message)[follow?.idProperty ?? ''] ?? sentIdOf(message));
  const queues = [serviceBus, ...(second ? [second.serviceBus] : [])].flatMap(({ entities }) => [
    ...entities.queues().map(({ queue }) => queue),
    ...entities.topics().flatMap(({ subscriptions }) => subscriptions.map(({ queue }) => queue)),
  ]);
  const idsIn = (messages: readonly Parameters<typeof sentIdOf>[0][]) => messages.map(idOf);
  const waiting = new Set(queues.flatMap((queue) => idsIn(queue.peek(0, everything))));
  const dead = new Set(queues.flatMap((queue) => idsIn(queue.deadLetters?.peek(0, everything) ?? [])));
  const isDelivered = (id: string, sha256: string | undefined) =>
    names.some((name) => {
      const entry = destination.ledger.get(id, name);
      return entry !== undefined && (!follow?.sameContent || entry.sha256 === sha256);
    });

  const fateOf = ({ status, id, sha256 }: DrilledRequest): Fate => {
    if (status === undefined || status >= 300) return 'refused';
    if (follow === undefined) return 'delivered';
    if (id === undefined) return 'lost';
    if (isDelivered(id, sha256)) return 'delivered';
    if (dead.has(id)) return 'deadLettered';
    return waiting.has(id) ? 'waiting' : 'lost';
  };
  return new Map(requests.map((request) => [request, fateOf(request)]));
}

export function countFates(fates: ReadonlyMap<DrilledRequest, Fate>): DrilledMessages {
  const count = { sent: fates.size, delivered: 0, waiting: 0, deadLettered: 0, lost: 0, refused: 0 };
  for (const fate of fates.values()) count[fate] += 1;
  return count;
}
