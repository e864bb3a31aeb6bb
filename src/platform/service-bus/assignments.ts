import type { Business, BusinessSettings, Handler } from '../business.ts';
import { copyQueueOf, type MessageSource } from '../messaging.ts';
import type { Queues } from './queues.ts';

/** The handler for the messages of a source, with its business and settings. */
export interface Assignment {
  source: MessageSource;
  business: Business;
  handler: Handler;
  settings: BusinessSettings;
}

interface AssignOptions {
  businesses: readonly Business[];
  settingsOf(business: Business): BusinessSettings;
  queues: Queues;
}

/**
 * Matches the handlers and targets of the businesses with `infra/queues.json`. The copies of a subscription's messages
 * come from a separate queue and go to the same handler. Throws one error that names every mismatch.
 */
export function assignHandlers({ businesses, settingsOf, queues }: AssignOptions) {
  const faults: string[] = [];
  const assignments = new Map<string, Assignment>();
  const targets = new Set<string>();

  const assign = (business: Business, handler: Handler, source: MessageSource) => {
    const other = assignments.get(source.name);
    if (other)
      faults.push(`"${source.name}" has two handlers, of ${other.business.name} and of ${business.name}: keep one.`);
    if (queues.withSessions.has(source.name))
      faults.push(
        `${business.name} handles "${source.name}", which requires sessions in infra/queues.json, and this service cannot receive sessions: set its requiresSession to false (Azure cannot change that later: it takes a new queue or subscription).`,
      );
    assignments.set(source.name, { source, business, handler, settings: settingsOf(business) });
  };

  for (const business of businesses) {
    for (const target of business.sends ?? []) {
      targets.add(target);
      if (!queues.targets.has(target)) {
        faults.push(
          `${business.name} sends to "${target}", which is no queue or topic in infra/queues.json: add it there.`,
        );
      }
    }
    for (const [name, handler] of Object.entries(business.handlers ?? {})) {
      const source = queues.sources.get(name);
      if (!source) {
        faults.push(
          `${business.name} handles "${name}", which is no queue or topic/subscription in infra/queues.json: add it there.`,
        );
        continue;
      }
      assign(business, handler, source);
      const copies = source.subscription === undefined ? undefined : queues.sources.get(copyQueueOf(source));
      if (copies) assign(business, handler, copies);
    }
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { assignments: [...assignments.values()], targets };
}
