import type { Business, BusinessSettings, Handler } from '../business.ts';
import { copyQueueOf, type MessageSource } from '../messaging.ts';
import type { Queues } from './queues.ts';

/** The handler for the messages of a source, with its business and settings. */
export interface Assignment {
  source: MessageSource;
  /** The key of the handler: for the queue of a subscription's copies too, `topic/subscription`. */
  handles: string;
  business: Business;
  handler: Handler;
  settings: BusinessSettings;
}

/**
 * Matches the handlers and targets of the businesses with `infra/queues.json`. The copies of a subscription's messages
 * come from a separate queue and go to the same handler. Throws one error that names every mismatch.
 */
export function assignHandlers(
  businesses: readonly Business[],
  settingsOf: (business: Business) => BusinessSettings,
  { sources, withSessions, targets }: Queues,
) {
  const faults: string[] = [];
  const assignments = new Map<string, Assignment>();
  const unknown = (what: string, kind: string) =>
    faults.push(`${what}, which is no ${kind} in infra/queues.json: add it there.`);

  const assign = (business: Business, handles: string, handler: Handler, source: MessageSource) => {
    const { name } = source;
    const other = assignments.get(name);
    if (other) faults.push(`"${name}" has two handlers, of ${other.business.name} and of ${business.name}: keep one.`);
    if (withSessions.has(name))
      faults.push(
        `${business.name} handles "${name}", which requires sessions in infra/queues.json, and this service cannot receive sessions: set its requiresSession to false (Azure cannot change that later: it takes a new queue or subscription).`,
      );
    assignments.set(name, { source, handles, business, handler, settings: settingsOf(business) });
  };

  for (const business of businesses) {
    for (const target of business.sends ?? [])
      if (!targets.has(target)) unknown(`${business.name} sends to "${target}"`, 'queue or topic');
    for (const [name, handler] of Object.entries(business.handlers ?? {})) {
      const source = sources.get(name);
      const copies = source?.subscription && sources.get(copyQueueOf(source));
      if (source) assign(business, name, handler, source);
      else unknown(`${business.name} handles "${name}"`, 'queue or topic/subscription');
      if (copies) assign(business, name, handler, copies);
    }
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { assignments: [...assignments.values()], targets: new Set(businesses.flatMap(({ sends = [] }) => sends)) };
}
