import type { Estimate, RecordedCell, RecordedRule } from '../../../tools/generate/extraction-page.ts';
import type { Campaign } from '../world/campaign.ts';
import { bootstrap } from './bootstrap.ts';
import { type RuleName, ruleNames } from './extraction-rules.ts';
import { grid, hidden } from './grid.ts';
import { wilson } from './intervals.ts';
import type { CellResult } from './judge-seed.ts';
import { falseAccounts, type MeasuredGrid, meanOf } from './measure-grid.ts';

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

function estimateOf(shares: readonly number[]): Estimate {
  const mean = meanOf(shares);
  const { low, high } = wilson(mean, shares.length);
  return [rounded(mean), rounded(low), rounded(high)];
}

/** One kind of attacker over all seeds. */
export function summarizeCell(campaign: Campaign, seeds: readonly CellResult[], rule: RuleName): RecordedCell {
  const shares = seeds.map(({ rules, attackers }) => rules[rule].attackers / attackers);
  const recall = estimateOf(shares);
  const reports = seeds.map(({ rules }) => rules[rule]).filter(({ honest, attackers }) => honest + attackers > 0);
  const right = reports.map(({ honest, attackers }) => attackers / (honest + attackers));
  const naiveBy = (by: 'accounts' | 'fingerprints') => seeds.map((seed) => seed.naive?.[rule][by] ?? 0);
  const [byAccount, byFingerprint] = [naiveBy('accounts'), naiveBy('fingerprints')];
  const naive = meanOf(byAccount) > meanOf(byFingerprint) ? byAccount : byFingerprint;
  const gain = bootstrap(shares.map((share, at) => share - (naive[at] ?? 0)));
  return {
    ...campaign,
    recall,
    ...(right.length > 0 && { precision: estimateOf(right) }),
    naiveRecall: rounded(meanOf(naive)),
    isBetter: gain.low > 0,
  };
}

/** What each rule found in each cell. */
export function summarizeGrid({ cells, measured }: MeasuredGrid): RecordedRule[] {
  return ruleNames.map((rule) => {
    const all = cells.map((campaign, at) =>
      summarizeCell(
        campaign,
        measured.flatMap((seed) => seed.cells[at] ?? []),
        rule,
      ),
    );
    return {
      rule,
      falseAccounts: rounded(meanOf(measured.map((seed) => falseAccounts(seed, rule)))),
      cells: all.slice(0, grid.length),
      hidden: all.slice(grid.length, grid.length + hidden.length),
      careful: all.slice(grid.length + hidden.length),
    };
  });
}
