import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrillReport } from './drill-report.ts';

/** What `docs/failures.json` holds: of each drill and level what the page shows. */
export type RecordedFailure = Pick<
  DrillReport,
  'drill' | 'level' | 'question' | 'messages' | 'fired' | 'firstToKnow' | 'recoveredAfterSeconds'
>;

export const failuresFile = 'docs/failures.json';

/** Writes what was found; drills that did not run this time stay as they are. Resolves with the path. */
export async function writeFailures(root: string, reports: readonly DrillReport[], now = new Date()): Promise<string> {
  const path = join(root, failuresFile);
  const before = await readFile(path, 'utf8').then(
    (text) => (JSON.parse(text) as { failures: RecordedFailure[] }).failures,
    () => [],
  );
  const ran = new Set(reports.map(({ drill }) => drill));
  const recorded = reports.map(
    ({ drill, level, question, messages, fired, firstToKnow, recoveredAfterSeconds }): RecordedFailure => ({
      ...{ drill, level, question, messages, fired, firstToKnow, recoveredAfterSeconds },
    }),
  );
  const failures = [...before.filter(({ drill }) => !ran.has(drill)), ...recorded].toSorted(
    (a, b) => a.drill.localeCompare(b.drill) || a.level - b.level,
  );
  await writeFile(path, `${JSON.stringify({ recordedOn: now.toISOString().slice(0, 10), failures }, null, 2)}\n`);
  return failuresFile;
}
