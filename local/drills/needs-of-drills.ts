import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { registry } from '../../src/observability/registry.ts';
import type { Drill } from './drill-definition.ts';
import { usualRequests } from './drill-load.ts';
import type { DrilledCheckout } from './drilled-checkout.ts';

/** What a drill can need of the business that it is run on, with what to do where it lacks. */
const needs = {
  queue: {
    isThere: ({ business }: DrilledCheckout) => business.requests?.follow !== undefined,
    sentence: 'its "requests" in local/business have no "follow", by which messages are followed through a queue',
  },
  callers: {
    isThere({ business }: DrilledCheckout) {
      const { drill, sample } = business.requests ?? {};
      const [usual] = drill || sample ? usualRequests(business, 'needs') : [];
      return usual !== undefined && !('target' in usual);
    },
    sentence: 'its "requests" in local/business are messages to a queue or a topic, and callers get no answer',
  },
  destinations: {
    isThere: ({ destinations }: DrilledCheckout) => Object.keys(destinations).length > 0,
    sentence: 'local/business names no "destinations" that its handlers call',
  },
  poison: {
    isThere: ({ business }: DrilledCheckout) => business.requests?.drill?.poison !== undefined,
    sentence: 'its "requests" in local/business have no "drill.poison", a request that a handler never can do',
  },
  operator: {
    isThere: ({ root }: DrilledCheckout) => existsSync(join(root, 'operator')),
    sentence: 'the folder operator was deleted, and with it the command that the drill runs',
  },
  tokens: {
    isThere: () => registry.some(({ manifest }) => manifest.name === 'bearer-tokens'),
    sentence: 'the module bearer-tokens was deleted, without which no caller is told from another',
  },
} as const;

export type DrillNeed = keyof typeof needs;

/** Answers are given to callers, and only what the service itself sends is announced by an event before it is handled. */
const needsOfRules: Readonly<Record<string, DrillNeed>> = {
  'failed-requests': 'callers',
  'error-budget-fast': 'callers',
  'error-budget-medium': 'callers',
  'error-budget-slow': 'callers',
  'consumer-stalled': 'callers',
};

/** Whether a business can make a rule fire that a drill names. */
export function canFire(rule: string, checkout: DrilledCheckout): boolean {
  const need = needsOfRules[rule];
  return need === undefined || needs[need].isThere(checkout);
}

/** Why a drill cannot be run on a business; undefined when it can. */
export function whyNot({ name, needs: wanted = [] }: Drill, checkout: DrilledCheckout): string | undefined {
  const missing = wanted.find((need) => !needs[need].isThere(checkout));
  return missing && `${name} is left out for ${checkout.business.name}: ${needs[missing].sentence}.`;
}
