import { join } from 'node:path';
import { levels } from '../../src/observability/levels.ts';
import { drills } from '../drills/catalogue/index.ts';
import type { Drill } from '../drills/drill-definition.ts';
import { type DrillReport, holds } from '../drills/drill-report.ts';
import { drillTable } from '../drills/drill-table.ts';
import { type DrilledCheckout, readDrilledCheckout } from '../drills/drilled-checkout.ts';
import { whyNot } from '../drills/needs-of-drills.ts';
import { writeFailures } from '../drills/record-failures.ts';
import { runDrills, runsOf, usualLevels } from '../drills/run-drills.ts';
import { defineCommand, exitCodes, type Host, runProcess, UsageError } from './command.ts';
import { createDrillProgress } from './drill/drill-progress.ts';
import { isForEyes, paintFor } from './for-eyes.ts';
import { formatTable } from './table.ts';

const root = join(import.meta.dirname, '../..');
const usualWidth = 110;
const highestLevel = Object.keys(levels).at(-1);

const help = `npm run drill -- <names>|all|list [--levels 1,4] [--record] [--json]

Answers "what happens when it fails?" by running it: starts Azure on this machine and the real service, sends what
local/business describes, breaks something, mends it, and says what became of the messages, who heard of it and which of the
deployed rules fired, a column for each level. Without --levels: the lowest level that has a rule for the drill, and the highest.

  npm run drill -- dependency-down --levels 1,4
  npm run drill -- all

  list       the drills
  --levels   the levels, with commas between
  --record   writes what holds to docs/failures.json; "npm run generate" makes docs/failures.md of it. "extraction --record" also
             measures its rules for half an hour and writes docs/extraction.json
  --json     one object for each drill and level on standard output

A level takes about 40 seconds, in "calm" twelve minutes; five run at a time. Exit code 1: a rule that must fire did not,
another fired, or a message is lost. Where the variable CI is set, a run that does not hold is printed and runs once more.
`;

function choose(names: readonly string[]): readonly Drill[] {
  if (names.length === 0) throw new UsageError('Say which drill: "npm run drill -- list" names them, "all" runs all.');
  if (names.includes('all')) return drills;
  const unknown = names.filter((name) => !drills.some((drill) => drill.name === name));
  if (unknown.length > 0)
    throw new UsageError(`There is no drill ${unknown.join(', ')}: "npm run drill -- list" names those that exist.`);
  return drills.filter(({ name }) => names.includes(name));
}

function readLevels(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined;
  const wanted = text.split(',');
  if (wanted.every((level) => level in levels)) return [...new Set(wanted.map(Number))].toSorted();
  throw new UsageError(
    `--levels takes levels from 1 to ${highestLevel} with commas between, such as 1,4, not ${JSON.stringify(text)}.`,
  );
}

const list = (): string =>
  formatTable(drills.map((drill) => [drill.name, `levels ${usualLevels(drill).join(', ')}`, drill.question]));

const options = { levels: { type: 'string' }, record: { type: 'boolean' }, json: { type: 'boolean' } } as const;

/** `npm run drill` */
export const drill = defineCommand({ help, options, allowPositionals: true }, async ({ positionals, values }, host) => {
  if (positionals[0] === 'list') {
    host.stdout.write(list());
    return exitCodes.done;
  }
  const chosen = choose(positionals);
  const chosenLevels = readLevels(values.levels);
  const checkout = await readDrilledCheckout(root);
  for (const each of chosen) {
    const reason = whyNot(each, checkout);
    if (reason) host.stderr.write(`${reason}\n`);
  }
  const selection = { drills: chosen.filter((each) => whyNot(each, checkout) === undefined), levels: chosenLevels };
  const progress = createDrillProgress(runsOf(selection), host);
  const tableOf = (reports: DrillReport[]) => drillTable(reports, { width: widthOf(host), paint: paintFor(host) });
  const done = async (reports: DrillReport[]) => {
    if (values.record && reports.every(holds)) await writeFailures(root, reports);
    progress.pause(() => {
      if (values.json) host.stdout.write(reports.map((report) => `${JSON.stringify(report)}\n`).join(''));
      else host.stdout.write(tableOf(reports));
    });
  };
  const again = (first: DrillReport) =>
    progress.pause(() => {
      host.stderr.write(
        `${tableOf([first])}\n${first.drill} did not hold at level ${first.level} and runs once more.\n`,
      );
    });
  try {
    // In a pipeline a machine may do something late: a second try there, as each test has.
    const reports = await runDrills(checkout, selection, {
      ...{ done, told: progress.passed },
      ...(host.env.CI && { again }),
    });
    if (values.record) await recordMore(chosen, checkout, positionals, host);
    return reports.every(holds) ? exitCodes.done : exitCodes.finding;
  } finally {
    progress.stop();
  }
});

/** What takes long is measured for a drill that is named, and not with all. */
async function recordMore(
  chosen: readonly Drill[],
  checkout: DrilledCheckout,
  named: readonly string[],
  { stdout, stderr }: Host,
) {
  for (const { name, record } of chosen.filter(({ name, record }) => record && named.includes(name))) {
    let tenths = 0;
    const told = (share: number) => {
      if (share * 10 < tenths + 1) return;
      tenths = Math.floor(share * 10);
      stderr.write(`${name}: ${tenths * 10} % is measured.\n`);
    };
    stdout.write((await record?.(checkout, told)) ?? '');
  }
}

const widthOf = ({ stdout, env }: Parameters<typeof paintFor>[0]): number =>
  isForEyes(stdout, env) ? (stdout.columns ?? usualWidth) : usualWidth;

if (import.meta.main) {
  // Without a handler a signal ends the process before it removes what a drill keeps in the temporary folder.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(exitCodes.finding));
  await runProcess(drill);
}
