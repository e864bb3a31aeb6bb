import type { OutageResult } from './ingestion-outage.ts';
import type { LoadResult } from './load-result.ts';
import type { RealRuleResult } from './rule-in-real-time.ts';

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
    'kind',
    'made',
    'arrived',
    'stored',
    'twice',
    'missing of the killed',
    'of the other',
    'oldest missing',
  ];
  const rows = result.items.map((item) => [
    item.kind,
    String(item.made),
    String(item.arrived),
    String(item.stored),
    String(item.twice),
    String(item.missingOfKilled),
    String(item.missingOfOther),
    `${item.oldestMissingSecondsBeforeKill.toFixed(2)} s before the kill`,
  ]);
  return [head, ...rows];
}

/** The exporter stores no more once its folder has 50 MB. */
const mostMb = 50;

/** How long the replay takes after the measured outage and after longer ones, and when the disk takes no more. */
export function outageSentences(result: OutageResult): string[] {
  const { seconds, stored, replayedPerMinute: rate, memoryMb } = result;
  const minutes = seconds / 60;
  const full = (mostMb / stored.mb) * minutes;
  const replay = (outageMinutes: number) =>
    rate > 0 ? `${((outageMinutes * stored.files) / minutes / rate / 60).toFixed(1)} h` : 'for ever';
  return [
    `${result.scenario}, ${seconds} s: ${stored.files} batches (${stored.mb.toFixed(1)} MB) were stored; ${rate.toFixed(1)} a minute came back after the end.`,
    `The replay takes ${replay(minutes)}, after an hour of outage ${replay(60)}, after three hours ${replay(180)}; at this load ${mostMb} MB are full after ${full.toFixed(0)} minutes.`,
    `Resident memory: ${memoryMb.early.toFixed(0)} MB early in the outage, ${memoryMb.late.toFixed(0)} MB at its end.`,
    `The promises: ${verdict(result)}.`,
  ];
}

/** What a rule decided in real time, and whether it decides the same on a laid time line. */
export function ruleSentences(result: RealRuleResult): string[] {
  const decided = result.real.map(({ what, of, minute }) => `${what} for ${of || 'all'} at minute ${minute}`);
  return [
    `${result.scenario}: in real time ${result.rule} decided: ${decided.join(', ') || 'nothing'}.`,
    `On the laid time line the same: ${verdict(result)}.`,
  ];
}
