import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Generated } from './generated.ts';
import { table } from './markdown-table.ts';

/** How an attacker was generated. */
export interface RecordedCampaign {
  /** 1, 100, or 24,000: one for each account. 0: that of the common SDK. */
  fingerprints: number;
  /** Times the honest median. */
  rate: number;
  /** Days. */
  openedIn: number;
  /** Hours. */
  switchAfter: number;
  /** Share of all accounts. */
  prevalence: number;
}

/** A mean share with its 95 % interval. */
export type Estimate = readonly [mean: number, low: number, high: number];

/** What a rule found of one kind of attacker, over all measured seeds. Shares are from 0 to 1. */
export interface RecordedCell extends RecordedCampaign {
  recall: Estimate;
  /** Absent where the rule reported nothing in any seed. */
  precision?: Estimate | undefined;
  /** Recall of the naive threshold at as many false alerts. */
  naiveRecall: number;
  /** The 95 % interval of what the rule's recall has over the naive one lies above 0. */
  isBetter: boolean;
}

export interface RecordedRule {
  rule: string;
  /** Honest accounts that it reports in fourteen days, in the mean. */
  falseAccounts: number;
  /** Cells of the grid. */
  cells: readonly RecordedCell[];
  /** Beside the grid: an attacker behind the common SDK. */
  hidden: readonly RecordedCell[];
  /** Beside the grid: an attacker whose accounts call like people. */
  careful: readonly RecordedCell[];
}

/** The content of `docs/extraction.json`. */
export interface RecordedExtraction {
  recordedOn: string;
  /** First and last seed. */
  seeds: { fixing: readonly [number, number]; measuring: readonly [number, number] };
  /** Of the honest customers of a world. */
  honest: { accounts: number; calls: number };
  /** Rows that were held against those of the service. */
  compared: Readonly<Record<'aggregator' | 'http', { calls: number; rows: number; different: number }>>;
  rules: readonly RecordedRule[];
}

export const extractionFile = 'docs/extraction.json';

/** The page of how well the rules about extraction find it; none in a project where nothing was recorded. */
export function extractionPage(root: string): Generated[] {
  const path = join(root, extractionFile);
  if (!existsSync(path)) return [];
  const recorded = JSON.parse(readFileSync(path, 'utf8')) as RecordedExtraction;
  return [{ path: 'docs/extraction.md', text: () => extractionText(recorded) }];
}

const number = (value: number): string => Math.round(value).toLocaleString('en-US');
const share = (value: number): string => value.toFixed(2);
const estimate = ([mean, low, high]: Estimate): string => `${share(mean)} (${share(low)}-${share(high)})`;
const weak = 0.5;
const short = (rule: string): string => rule.replace('extraction-', '');

const clientsOf = ({ fingerprints }: RecordedCampaign): string =>
  ({ 0: 'the common SDK', 24000: 'one each' })[fingerprints] ?? number(fingerprints);

/** A rule with what it found; recall below a half is said. */
export const cellText = ({ recall, precision, naiveRecall, isBetter }: RecordedCell): string => {
  const found = `${estimate(recall)}${recall[0] < weak ? ' **below 0.5**' : ''}`;
  const right = precision ? `precision ${estimate(precision)}` : 'reports nothing';
  return `${found}, ${right}${isBetter ? '' : `; not better than ${share(naiveRecall)}`}`;
};

const rowsOf = (
  rules: readonly RecordedRule[],
  cellsOf: (rule: RecordedRule) => readonly RecordedCell[],
): string[][] => {
  const [first] = rules;
  if (!first) return [];
  return cellsOf(first).map((cell, at) => [
    clientsOf(cell),
    `${cell.prevalence * 100} %`,
    `${cell.rate}`,
    `${cell.openedIn} d`,
    `${cell.switchAfter} h`,
    ...rules.map((rule) => {
      const own = cellsOf(rule)[at];
      return own ? cellText(own) : '';
    }),
  ]);
};

const verdict = ({ rule, falseAccounts, cells }: RecordedRule): string[] => {
  const better = cells.filter(({ isBetter }) => isBetter).length;
  const blind = cells.filter(({ recall: [mean] }) => mean < weak).length;
  return [
    `\`${rule}\``,
    `${falseAccounts.toFixed(1)}`,
    `${better} of ${cells.length}`,
    `${blind} of ${cells.length}`,
    better * 2 >= cells.length ? 'stays' : 'is not better in half of the cells: delete it',
  ];
};

/** The page. */
export function extractionText({ recordedOn, seeds, honest, compared, rules }: RecordedExtraction): string {
  const head = ['Clients', 'Attackers', 'Rate', 'Opened in', 'Switch after'];
  const names = rules.map(({ rule }) => short(rule));
  return `# How well coordinated extraction is found

Read the line of the attacker whom you fear before you rely on a rule: where recall stands below 0.5, the rule misses most of such
accounts, and a limit for each caller (\`rateLimit\`), a price or an identity check at the opening of an account is what is left.
Expect the false alerts of the first table every fourteen days, and note who they are in the rule. Run
\`npm run drill -- extraction\` to see the rules fire, and \`npm run drill -- extraction --record\` after you have changed one: it
measures anew, for half an hour, and writes \`${extractionFile}\`, from which \`npm run generate\` makes this page.

The pattern was reported by AI labs: 24,000 accounts with 16 million exchanges, behind few clients, most accounts young, and a
switch to another route soon after a limit. The rules read \`ServiceSecurity_CL\` alone and look back fourteen days.

## What stays

${table(['Rule', 'Honest accounts reported in 14 days', 'Better than the naive threshold', 'Recall below 0.5', 'Verdict'], rules.map(verdict))}

An account is what is counted: it is reported when a row of the rule names a fingerprint with which it was seen. The naive threshold
reports who calls most on a day. It is given more than the table holds (the calls of each account, or of each fingerprint, whichever finds more) and
is set so that it reports as many honest accounts as the rule. A rule is better where the interval of what its recall has over that of
the threshold, seed by seed, lies above 0.

## The grid

Each cell of the table says recall, with its interval, and precision: the share of the reported accounts that are the attacker's.
\`Rate\` is times the honest median. Attackers are a share of all accounts, beside ${number(honest.accounts)} honest ones with ${number(honest.calls)} calls in
fourteen days.

${table(
  [...head, ...names],
  rowsOf(rules, ({ cells }) => cells),
)}

## An attacker behind the common SDK

The fingerprint is a hash of the user agent and of the order of the header names. An attacker who takes the SDK that 10,000 customers take has
theirs, and no rule tells them apart. An address is not in it: offices behind one address are many fingerprints, or one.

${table(
  [...head, ...names],
  rowsOf(rules, ({ hidden }) => hidden),
)}

## An attacker whose accounts call like people

Here the accounts of the attacker keep the hours of an office, rest on some days and differ in how much they call. The first two rules
live on an attacker who spreads one queue of work evenly, day and night: do not count on them against one who does not.

${table(
  [...head, ...names],
  rowsOf(rules, ({ careful }) => careful),
)}

## How it was measured

* Recorded on ${recordedOn}. Thresholds of the rules and of the naive ones were fixed on seeds ${seeds.fixing.join(' to ')}; the figures are those of seeds
  ${seeds.measuring.join(' to ')}. An interval is Wilson's (1927) for as many trials as seeds: the accounts of one seed are found or missed
  together, so that they are no trials of their own. Whether a rule is better is told by the bootstrap over seeds (Efron 1979). Precision is the mean of the seeds in which the rule reported anything.
* The generator knows no rule, and whose a row is stands in no column. Honest are: an SDK of 10,000 accounts with a release within
  the two weeks, twelve others, browsers, offices whose accounts are opened on one day, pipelines whose accounts live for hours,
  batches at night, devices that call day and night and, in a third of the worlds, a new kind of them, 1,700 clients of one to
  some accounts, a day of launch, and a migration between two routes with hours in which the old one refuses all calls.
* The rows are those that the service writes for the same calls: ${number(compared.aggregator.calls)} single calls went through its
  aggregator (${number(compared.aggregator.rows)} rows, ${number(compared.aggregator.different)} different), and ${number(compared.http.calls)} requests over HTTP through the
  service itself (${number(compared.http.rows)} rows, ${number(compared.http.different)} different).
* A rule is evaluated once, at the end of the fourteenth day.

## Limits

* Customers were made up, with figures that no real API has. What is told apart here by a factor may not be so at yours: look at
  a month of your own rows before you page anyone.
* An account is young when it was first seen within the look-back. Accounts that were opened earlier and waited are old to all rules.
* In the grid each account of an attacker calls at the same rate within a tenth, day and night: what "the same shape of traffic" says.
* The day after a limit is not looked at, so that a switch is reported two to four days later.
* The rules say nothing until the table holds thirteen days. Another key for the hashes (\`PERSONAL_DATA_KEY\`) makes every account new:
  for fourteen days after it the first two rules are not to be trusted.
* A rule that reports an honest fleet of devices reports it each time, until it is named in the rule.
`;
}
