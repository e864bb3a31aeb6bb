import { levels } from '../../src/observability/levels.ts';
import type { Drill } from './drill-definition.ts';
import { type DrillReport, holds } from './drill-report.ts';
import type { DrilledCheckout } from './drilled-checkout.ts';
import { usualLayout } from './layout.ts';
import { runDrill } from './run-drill.ts';

const highest = Math.max(...Object.keys(levels).map(Number));
export const atOnce = 5;

/** The lowest level that has a rule for a drill, or the one that the drill names, and the highest. */
export const usualLevels = ({
  mustFire,
  from = Math.min(highest, ...mustFire.map((rule) => rule.from)),
}: Drill): number[] => [...new Set([from, highest])];

export interface DrillSelection {
  drills: readonly Drill[];
  /** Instead of the usual levels of each. */
  levels?: readonly number[] | undefined;
}

/** Real seconds of the stretches of a drill. */
export const secondsOf = (drill: Drill): number =>
  Object.values(usualLayout(drill).seconds).reduce((sum, seconds) => sum + seconds, 0);

/** Which drill is run at which level, those that take longest first: so all end at about the same time. */
export const runsOf = ({ drills, levels: wanted }: DrillSelection): { drill: Drill; level: number }[] =>
  drills
    .flatMap((drill) => (wanted ?? usualLevels(drill)).map((level) => ({ drill, level })))
    .toSorted((a, b) => secondsOf(b.drill) - secondsOf(a.drill));

export interface DrillListener {
  /** Hears of each drill when all its levels have run. */
  done(reports: DrillReport[]): Promise<void>;
  /** Hears how many more real seconds of stretches have passed. */
  told(seconds: number): void;
  /** Where it is given, a run that does not hold is told to it and runs once more; the second report counts. */
  again?(first: DrillReport): void;
}

/** Runs drills, five at a time: each takes about a fifth of a core. */
export async function runDrills(
  checkout: DrilledCheckout,
  selection: DrillSelection,
  { done, told, again }: DrillListener,
): Promise<DrillReport[]> {
  const runs = runsOf(selection);
  const queue = runs[Symbol.iterator]();
  const reports = new Map<Drill, DrillReport[]>();
  const work = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const { drill, level } = next.value;
      let report = await runDrill({ drill, level, checkout, told });
      if (again && !holds(report)) {
        again(report);
        report = await runDrill({ drill, level, checkout, told });
      }
      const all = [...(reports.get(drill) ?? []), report].toSorted((a, b) => a.level - b.level);
      reports.set(drill, all);
      if (all.length === runs.filter((run) => run.drill === drill).length) await done(all);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return selection.drills.flatMap((drill) => reports.get(drill) ?? []);
}
