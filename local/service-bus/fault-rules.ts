import { conditions } from './entity/broker-error.ts';

/** What becomes of one send or settlement. */
export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'refuse'; readonly condition: string; readonly description: string }
  /** No answer ever; `carriedOut` says whether the broker did it all the same. */
  | { readonly kind: 'ignore'; readonly carriedOut: boolean };

export interface RefuseOptions {
  /** How many; all until cleared when left out. */
  times?: number;
  condition?: string;
  description?: string;
}

export interface IgnoreOptions {
  /** How many; all until cleared when left out. */
  times?: number;
  /** Whether the broker does what was asked and only its answer is lost. Off: the request itself is lost. */
  carriedOut?: boolean;
}

interface Rule {
  readonly verdict: Verdict;
  left: number;
  applies(): boolean;
}

const BUSY =
  'The request was terminated because the entity is being throttled. Error code : 50009. Please wait 10 seconds and try again.';
const PASS: Verdict = { kind: 'pass' };

export interface Refusals {
  throttled: number;
  serverErrors: number;
}

/** One rule for sends and one for settlements; a new one replaces the one before. */
export interface FaultRules {
  send(entity: string): Verdict;
  settlement(entity: string): Verdict;
  /** Whether calls to `$management` are refused as well. */
  management(entity: string): Verdict;
  /** How often an entity refused since the start as an overloaded or a broken broker does, by its address. */
  refusals(): ReadonlyMap<string, Refusals>;
  deliveryDelayMs(): number;
  refuseSends(options?: RefuseOptions): void;
  ignoreSends(options?: IgnoreOptions): void;
  refuseSettlements(options?: RefuseOptions): void;
  ignoreSettlements(options?: IgnoreOptions): void;
  /** Refuses a send for which `unlucky` answers true. */
  flakySends(unlucky: () => boolean): void;
  /** Refuses sends and management calls as a throttled namespace does. */
  serverBusy(): void;
  /** Holds every message back for this long before it is handed out; 0 ends it. */
  slowDelivery(ms: number): void;
  clear(): void;
  state(): object;
}

export function createFaultRules(): FaultRules {
  let sends: Rule | undefined;
  let settlements: Rule | undefined;
  let busy = false;
  let delayMs = 0;

  const judge = (rule: Rule | undefined): Verdict => {
    if (!rule || rule.left <= 0 || !rule.applies()) return PASS;
    rule.left -= 1;
    return rule.verdict;
  };
  const refusal = (condition: string, description: string): Verdict => ({ kind: 'refuse', condition, description });
  const busyVerdict = refusal(conditions.serverBusy, BUSY);
  const rule = (verdict: Verdict, times = Number.POSITIVE_INFINITY, applies = () => true): Rule => ({
    verdict,
    left: times,
    applies,
  });
  const show = (shown: Rule | undefined): object | null =>
    shown && shown.left > 0 ? { ...shown.verdict, left: Number.isFinite(shown.left) ? shown.left : 'all' } : null;

  const refused = new Map<string, Refusals>();
  const counted = (entity: string, verdict: Verdict): Verdict => {
    if (verdict.kind !== 'refuse') return verdict;
    const counts = refused.get(entity) ?? { throttled: 0, serverErrors: 0 };
    if (verdict.condition === conditions.serverBusy) counts.throttled += 1;
    if (verdict.condition === conditions.internal) counts.serverErrors += 1;
    refused.set(entity, counts);
    return verdict;
  };

  return {
    send: (entity) => counted(entity, busy ? busyVerdict : judge(sends)),
    settlement: (entity) => counted(entity, judge(settlements)),
    management: (entity) => counted(entity, busy ? busyVerdict : PASS),
    refusals: () => refused,
    deliveryDelayMs: () => delayMs,
    refuseSends({ times, condition = conditions.serverBusy, description = BUSY } = {}) {
      sends = rule(refusal(condition, description), times);
    },
    ignoreSends({ times, carriedOut = false } = {}) {
      sends = rule({ kind: 'ignore', carriedOut }, times);
    },
    refuseSettlements({ times, condition = conditions.lockLost, description = 'The lock supplied is invalid.' } = {}) {
      settlements = rule(refusal(condition, description), times);
    },
    ignoreSettlements({ times, carriedOut = false } = {}) {
      settlements = rule({ kind: 'ignore', carriedOut }, times);
    },
    flakySends(unlucky) {
      sends = rule(busyVerdict, undefined, unlucky);
    },
    serverBusy() {
      busy = true;
    },
    slowDelivery(ms) {
      delayMs = ms;
    },
    clear() {
      sends = undefined;
      settlements = undefined;
      busy = false;
      delayMs = 0;
    },
    state: () => ({ sends: show(sends), settlements: show(settlements), serverBusy: busy, deliveryDelayMs: delayMs }),
  };
}
