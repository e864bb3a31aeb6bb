import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failuresFile, type RecordedFailure, type RecordedFailures } from '../../tools/generate/failures-page.ts';
import type { DrillReport } from './drill-report.ts';

/** Writes what was found of one drill or more for the page; what was found of others stays as it is. */
export async function writeFailures(root: string, reports: readonly DrillReport[], now = new Date()): Promise<void> {
  const path = join(root, failuresFile);
  const before = await readFile(path, 'utf8').then(
    (text) => (JSON.parse(text) as RecordedFailures).failures,
    () => [],
  );
  const ran = new Set(reports.map(({ drill }) => drill));
  const recorded = reports.map(
    (report): RecordedFailure => ({
      ...{ drill: report.drill, level: report.level, question: report.question, messages: report.messages },
      fired: report.fired.map(({ rule, afterSeconds }) => ({ rule, afterSeconds })),
      ...{ firstToKnow: report.firstToKnow, recoveredAfterSeconds: report.recoveredAfterSeconds },
      seen: report.seen.map(({ question, answer }) => ({ question, answered: answer !== '' })),
    }),
  );
  const failures = [...before.filter(({ drill }) => !ran.has(drill)), ...recorded].toSorted((a, b) =>
    a.drill < b.drill ? -1 : a.drill > b.drill ? 1 : a.level - b.level,
  );
  const recordedOn = now.toISOString().slice(0, 10);
  await writeFile(path, `${JSON.stringify({ recordedOn, failures } satisfies RecordedFailures, null, 2)}\n`);
}
