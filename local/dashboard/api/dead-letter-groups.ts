import { propertiesOf, sentIdOf } from '../../queued-message.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import type { ApiRoutes } from './api-router.ts';
import type { DeadLetterGroupRow, DeadLetterGroups } from './contract.ts';
import { deadFacts } from './dead-letter-facts.ts';
import { findQueue } from './messages.ts';

const MOST = 100_000;

/** Dead letters with the same reason and the same error: a thousand often come from a few faults. */
export function deadLetterGroupRoutes(parts: Pick<DashboardParts, 'serviceBus'>): ApiRoutes {
  return {
    'GET queues/:name/groups': ({ params }) => {
      const messages = findQueue(parts, params.name).deadLetters?.peek(0, MOST) ?? [];
      const groups = new Map<string, DeadLetterGroupRow>();
      for (const message of messages) {
        const facts = deadFacts(message, propertiesOf(message));
        const { reason = null, fingerprint = null, parked = false, attempt, deadLetteredAt: at = null } = facts;
        const key = JSON.stringify([reason, fingerprint]);
        const group = groups.get(key) ?? {
          ...{ reason, fingerprint, error: '', count: 0, parked: 0, first: at, last: null, attempts: 0, example: '' },
        };
        groups.set(key, group);
        group.count += 1;
        group.parked += parked ? 1 : 0;
        group.attempts = Math.max(group.attempts, attempt);
        if (at !== null && (group.first === null || at < group.first)) group.first = at;
        if (at === null || (group.last !== null && at < group.last)) continue;
        group.last = at;
        group.error = withoutNumbers(facts.description ?? '');
        group.example = sentIdOf(message);
      }
      const all = [...groups.values()].sort((a, b) => b.count - a.count);
      const data: DeadLetterGroups = { groups: all, parked: all.reduce((sum, each) => sum + each.parked, 0) };
      return { data };
    },
  };
}

/** Errors of one kind differ in their numbers; a status stays, because it says which kind. */
const withoutNumbers = (error: string): string => error.replaceAll(/(?<!\b(?:answered|status) )\b\d+\b/g, '<n>');
