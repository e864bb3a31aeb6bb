import type { MessageSource } from '../../platform/messaging.ts';
import { browse, type Selection } from './browse.ts';
import { type DeadLetterFacts, readDeadLetter } from './dead-letter.ts';
import { matches } from './filter.ts';

/** Which dead letters of a source a replay or purge takes. */
export interface Plan {
  source: MessageSource;
  /** Their sequence numbers: a message that comes later is in no plan. */
  chosen: Set<string>;
  /** How many lie in front of the last one, itself included: they are received in this order. */
  reach: number;
}

export interface Plans {
  plans: readonly Plan[];
  total: number;
  byReason: ReadonlyMap<string, number>;
  /** Parked ones that are left out. */
  parked: number;
}

/** Looks through the dead letters without touching them and chooses at most `max`. Memory: the numbers alone. */
export async function makePlans(selection: Selection, max: number, seen: (count: number) => void): Promise<Plans> {
  const { bus, sources, filter, parked: withParked } = selection;
  const byReason = new Map<string, number>();
  const plans: Plan[] = [];
  let total = 0;
  let parked = 0;

  const choose = (plan: Plan, position: number, key: string, { reason }: DeadLetterFacts) => {
    plan.chosen.add(key);
    plan.reach = position;
    total += 1;
    byReason.set(reason ?? 'no reason', (byReason.get(reason ?? 'no reason') ?? 0) + 1);
  };
  for (const source of sources) {
    const plan: Plan = { source, chosen: new Set(), reach: 0 };
    let position = 0;
    if (total >= max) break;
    for await (const message of browse(bus, source)) {
      position += 1;
      const dead = readDeadLetter(source, message);
      if (!matches(filter, dead)) continue;
      if (dead.facts.parked && !withParked) parked += 1;
      else choose(plan, position, dead.key, dead.facts);
      seen(total);
      if (total >= max) break;
    }
    if (plan.chosen.size > 0) plans.push(plan);
  }
  return { plans, total, byReason, parked };
}
