import type { OutageResult } from './ingestion-outage.ts';
import type { LoadResult } from './load-result.ts';

const secondsText = (value: number | undefined) => (value === undefined ? 'never' : `${value.toFixed(1)} s`);
const verdict = ({ broken }: { broken: readonly string[] }) => (broken.length === 0 ? 'holds' : broken.join('; '));

const otherText = ({ otherP99Ms: whole, otherP99OfWindowsMs: windows }: LoadResult) =>
  `${whole.before} / ${whole.during} ms (${windows.before} / ${windows.during})`;

/** What became of the files, a row for each scenario and level. */
export function loadTable(results: readonly LoadResult[]): string[][] {
  const head = [
    'scenario',
    'level',
    'fault',
    'accepted',
    'sent again',
    'delivered',
    'dead-lettered',
    'lost',
    'duplicates',
    'most deliveries',
    'recovered after',
    'slowest file',
    'p99 of the other, before / during (of five seconds)',
    '',
  ];
  const rows = results.map((result) => [
    result.scenario,
    String(result.level),
    `${result.seconds} s`,
    String(result.accepted),
    String(result.refused),
    String(result.delivered),
    String(result.deadLettered),
    String(result.lost),
    String(result.duplicates),
    String(result.mostDeliveries),
    secondsText(result.recoveredAfterSeconds),
    secondsText(result.slowestSeconds),
    result.scenario === 'one-destination-down' ? otherText(result) : '',
    verdict(result),
  ]);
  return [head, ...rows];
}

/** What became of the numbered telemetry, a row for each kind. */
export function outageTable(result: OutageResult): string[][] {
  const head = [
    'scenario',
    'outage',
    'kind',
    'made',
    'arrived',
    'twice',
    'missing of the killed',
    'of the other',
    'oldest missing',
    'bound',
  ];
  const rows = result.items.map((item) => [
    result.scenario,
    `${result.seconds} s`,
    item.kind,
    String(item.made),
    String(item.arrived),
    String(item.twice),
    String(item.missingOfKilled),
    String(item.missingOfOther),
    `${item.oldestMissingSecondsBeforeKill.toFixed(2)} s before the kill`,
    `${item.boundSeconds} s`,
  ]);
  return [head, ...rows];
}

/** The rest of it, in a sentence. */
export function outageSentence(result: OutageResult): string {
  const { keptMb, recoveredAfterSeconds } = result;
  return `${keptMb.toFixed(1)} MB were kept; delivered after the return: ${secondsText(recoveredAfterSeconds)}. The bound: ${verdict(result)}.`;
}
