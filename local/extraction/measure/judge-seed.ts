import type { CallTotals } from '../rows/call-totals.ts';
import type { Campaign } from '../world/campaign.ts';
import { type RuleName, ruleNames } from './extraction-rules.ts';
import { openWorld, type Reported } from './judge-world.ts';
import { type NaiveThresholds, naiveRecall } from './naive-rate.ts';

/** By rule, tuned to report as many honest accounts as the rule. */
export type Thresholds = Readonly<Record<RuleName, NaiveThresholds>>;

export interface SeedTask {
  readonly seed: number;
  readonly cells: readonly Campaign[];
  /** Once they are fixed. */
  readonly thresholds?: Thresholds;
}

/** One cell of one seed. */
export interface CellResult {
  readonly attackers: number;
  readonly rules: Readonly<Record<RuleName, Reported>>;
  /** Shares of the attackers that the naive thresholds report. */
  readonly naive?: Readonly<Record<RuleName, ReturnType<typeof naiveRecall>>>;
}

export interface SeedResult {
  readonly seed: number;
  /** In the order of the task. */
  readonly cells: readonly CellResult[];
  readonly honestCalls: number;
  readonly honestAccounts: number;
  /** Kept where thresholds are to be fixed. */
  readonly honest?: CallTotals;
}

const byRule = <Value>(value: (name: RuleName) => Value): Record<RuleName, Value> =>
  Object.fromEntries(ruleNames.map((name) => [name, value(name)])) as Record<RuleName, Value>; // each of the names

/** Generates one seed and judges campaigns in it. `told` hears of each. */
export async function judgeSeed({ seed, cells, thresholds }: SeedTask, told: () => void): Promise<SeedResult> {
  const judged = await openWorld(seed);
  try {
    const results: CellResult[] = [];
    for (const campaign of cells) {
      const { attackers, rules, totals } = await judged.judge(campaign);
      const naive = thresholds && byRule((name) => naiveRecall(totals, thresholds[name]));
      results.push({ attackers, rules, ...(naive && { naive }) });
      told();
    }
    const { accounts, fingerprints, seenWith } = judged.honest;
    const honest = { accounts, fingerprints, seenWith };
    return {
      seed,
      cells: results,
      honestCalls: judged.honestCalls,
      honestAccounts: judged.world.accounts.length,
      ...(thresholds ? {} : { honest }),
    };
  } finally {
    judged.close();
  }
}
