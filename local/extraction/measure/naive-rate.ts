import type { CallTotals } from '../rows/call-totals.ts';
import { countSeenWith } from './judge-world.ts';

/**
 * The rule that comes to mind first: who calls too often on a day is reported. It is given the true calls of each account, which no
 * row holds, and those of each fingerprint; of the two, the better one is compared.
 */
export interface NaiveThresholds {
  /** Calls on a day beyond which an account is reported. */
  readonly accounts: number;
  /** The same of a fingerprint, with all accounts that were seen with it. */
  readonly fingerprints: number;
}

/** The lowest thresholds by which no more honest accounts are reported in a world than a rule reports, in the mean. */
export function tuneNaive(worlds: readonly CallTotals[], falseAccounts: number): NaiveThresholds {
  const allowed = falseAccounts * worlds.length;
  return {
    accounts: lowest(
      worlds.flatMap(({ accounts }) => [...accounts.values()].map((calls) => ({ calls, accounts: 1 }))),
      allowed,
    ),
    fingerprints: lowest(worlds.flatMap(accountsByCalls), allowed),
  };
}

/** Reports the most calls first, until another one would be too many. */
function lowest(reported: readonly { calls: number; accounts: number }[], allowed: number): number {
  let sum = 0;
  for (const { calls, accounts } of reported.toSorted((a, b) => b.calls - a.calls)) {
    sum += accounts;
    if (sum > allowed) return calls;
  }
  return 0;
}

function accountsByCalls(world: CallTotals): { calls: number; accounts: number }[] {
  const counts = new Map<number, number>();
  for (const own of world.seenWith.values()) for (const each of own) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...world.fingerprints].map(([each, calls]) => ({ calls, accounts: counts.get(each) ?? 0 }));
}

/** What both thresholds report of the accounts of an attacker, as shares of those that called. */
export function naiveRecall(attackers: CallTotals, thresholds: NaiveThresholds): Record<keyof NaiveThresholds, number> {
  const all = attackers.accounts.size;
  const over = new Set(
    [...attackers.fingerprints].flatMap(([each, calls]) => (calls > thresholds.fingerprints ? [each] : [])),
  );
  return {
    accounts: [...attackers.accounts.values()].filter((calls) => calls > thresholds.accounts).length / all,
    fingerprints: countSeenWith(attackers, over) / all,
  };
}
