import type { Campaign } from '../world/campaign.ts';
import type { RuleName } from './extraction-rules.ts';
import { ruleNames } from './extraction-rules.ts';
import { grid, measuredCells, seeds } from './grid.ts';
import type { SeedResult, Thresholds } from './judge-seed.ts';
import { judgeSeeds } from './judge-seeds.ts';
import { tuneNaive } from './naive-rate.ts';

export interface MeasuredGrid {
  readonly cells: readonly Campaign[];
  readonly thresholds: Thresholds;
  /** Of the seeds that were not used to fix anything. */
  readonly measured: readonly SeedResult[];
}

/** Cells in which the false alerts of the rules are counted before the naive thresholds are fixed: honest rows are the same in all. */
const everyOf = 12;
export const fixingCells = grid.filter((_, at) => at % everyOf === 0);

/** How many cells are judged in all. */
export const cellsInAll = seeds.fixing.length * fixingCells.length + seeds.measuring.length * measuredCells.length;

/** Fixes the naive thresholds on the first seeds and measures on the others. `told` hears of each cell. */
export async function measureGrid(told: () => void): Promise<MeasuredGrid> {
  const fixed = await judgeSeeds(
    seeds.fixing.map((seed) => ({ seed, cells: fixingCells })),
    told,
  );
  const honest = fixed.flatMap(({ honest: totals }) => (totals ? [totals] : []));
  const thresholds = Object.fromEntries(
    ruleNames.map((name) => [name, tuneNaive(honest, meanOf(fixed.map((seed) => falseAccounts(seed, name))))]),
  ) as Record<RuleName, Thresholds[RuleName]>; // each of the names
  const measured = await judgeSeeds(
    seeds.measuring.map((seed) => ({ seed, cells: measuredCells, thresholds })),
    told,
  );
  return { cells: measuredCells, thresholds, measured };
}

/** Honest accounts that a rule reports in a seed, in the mean of its cells. */
export const falseAccounts = ({ cells }: SeedResult, name: RuleName): number =>
  meanOf(cells.map(({ rules }) => rules[name].honest));

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;
