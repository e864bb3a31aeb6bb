import type { DrillAnswer, DrilledLevel, StartedDrill } from '../../api/contract.ts';
import { formatCount, formatDuration } from '../format.ts';

/** Of each level what was found last: by the newest run that told of it, else what was recorded. */
export function newestReports({ recorded, runs }: Pick<DrillAnswer, 'recorded' | 'runs'>): DrilledLevel[] {
  const byLevel = new Map(recorded.map((report) => [report.level, report]));
  for (const { reports } of runs.toReversed()) for (const report of reports) byLevel.set(report.level, report);
  return [...byLevel.values()].sort((a, b) => a.level - b.level);
}

/** Levels beside each other at which the same was found: told as one column, `Level 2–3`. */
export interface DrillColumn {
  from: number;
  to: number;
  report: DrilledLevel;
}

export function drillColumns(reports: readonly DrilledLevel[]): DrillColumn[] {
  const columns: DrillColumn[] = [];
  for (const report of reports) {
    const last = columns.at(-1);
    if (last && report.level === last.to + 1 && isSame(last.report, report)) last.to = report.level;
    else columns.push({ from: report.level, to: report.level, report });
  }
  return columns;
}

const isSame = ({ level: _a, ...first }: DrilledLevel, { level: _b, ...second }: DrilledLevel) =>
  JSON.stringify(first) === JSON.stringify(second);

export const levelWords = ({ from, to }: Pick<DrillColumn, 'from' | 'to'>): string =>
  from === to ? `Level ${from}` : `Level ${from}–${to}`;

/** Everything that a drill promised and that did not hold, a sentence each. */
export const faultsOf = ({ missed = [], unexpected = [], broken = [] }: DrilledLevel): string[] => [
  ...missed.map((rule) => `${rule} should have fired.`),
  ...unexpected.map((rule) => `${rule} fired and should not have.`),
  ...broken,
];

/** From the beginning of the fault: a rule that is checked in that moment may be a fraction of a second earlier. */
export const afterWords = (seconds: number): string =>
  seconds < 1 ? 'at once' : `after ${formatDuration(seconds * 1_000)}`;

/** Who hears of it first, and after how long. */
export const firstWords = ({ firstToKnow }: DrilledLevel): string =>
  firstToKnow ? `${firstToKnow.who}, ${afterWords(firstToKnow.afterSeconds)}` : 'Nobody is told';

export const recoveredWords = ({ recoveredAfterSeconds }: DrilledLevel): string =>
  recoveredAfterSeconds === undefined ? 'Not within the drill' : `by itself, ${afterWords(recoveredAfterSeconds)}`;

const fates = [
  ['delivered', 'delivered'],
  ['deadLettered', 'dead-lettered'],
  ['waiting', 'waiting'],
  ['refused', 'refused'],
  ['lost', 'lost'],
] as const;

/** What became of the messages, those of which there were any; lost ones always, because nought is the answer. */
export const fatesOf = ({
  messages,
}: DrilledLevel): { name: (typeof fates)[number][0]; words: string; count: number }[] =>
  fates.flatMap(([name, words]) =>
    messages[name] > 0 || name === 'lost' ? [{ name, words, count: messages[name] }] : [],
  );

/** What a drill found, for a page or a ticket. */
export function drillMarkdown(
  { name, question }: Pick<DrillAnswer, 'name' | 'question'>,
  reports: readonly DrilledLevel[],
): string {
  const columns = drillColumns(reports);
  const row = (title: string, cell: (report: DrilledLevel) => string) =>
    `| ${[title, ...columns.map(({ report }) => cell(report).replaceAll('|', '\\|') || '–')].join(' | ')} |`;
  return [
    `## ${name}`,
    '',
    question,
    '',
    `| ${['', ...columns.map(levelWords)].join(' | ')} |`,
    `| ${['---', ...columns.map(() => '---')].join(' | ')} |`,
    row('The messages', (report) =>
      fatesOf(report)
        .map(({ words, count }) => `${formatCount(count, true)} ${words}`)
        .join(', '),
    ),
    row('First to know', firstWords),
    row('Rules that fired', ({ fired }) =>
      fired.map(({ rule, afterSeconds }) => `${rule} ${afterWords(afterSeconds)}`).join(', '),
    ),
    row('Recovered', recoveredWords),
    row('Not as promised', (report) => faultsOf(report).join(' ')),
    '',
  ].join('\n');
}

/** Of a rule and a drill: as named, not as named, or neither. */
export type Proof = 'fired' | 'wrong' | 'quiet';

/** Which rule fired in which drill, at the highest level that was drilled. */
export function proofs(drills: readonly { name: string; reports: readonly DrilledLevel[] }[]): {
  rules: string[];
  of(rule: string, drill: string): Proof;
} {
  const top = new Map(drills.map(({ name, reports }) => [name, reports.at(-1)]));
  const rules = new Set<string>();
  for (const report of top.values()) {
    for (const { rule } of report?.fired ?? []) rules.add(rule);
    for (const rule of report?.missed ?? []) rules.add(rule);
  }
  return {
    rules: [...rules].sort((a, b) => a.localeCompare(b, 'en')),
    of(rule, drill) {
      const { fired = [], missed = [], unexpected = [] } = top.get(drill) ?? {};
      if (missed.includes(rule) || unexpected.includes(rule)) return 'wrong';
      return fired.some((each) => each.rule === rule) ? 'fired' : 'quiet';
    },
  };
}

/** The run that has not ended; one runs at a time. */
export const runningOf = (runs: readonly StartedDrill[]): StartedDrill | undefined =>
  runs.find(({ state }) => state === 'running');
