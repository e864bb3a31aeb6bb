import type { HttpResult } from './http.ts';
import type { SamplingResult } from './sampling.ts';
import type { StartupResult } from './startup.ts';
import type { UnheardResult } from './unheard-events.ts';

const percent = (share: number) => `${Math.round(share * 100)} %`;
const ratio = (value: number | undefined) => (value === undefined ? '' : value.toFixed(2));

export function httpTable(results: readonly HttpResult[]): string[][] {
  const head = [
    'subject',
    'CPU us/req',
    'spread',
    'added us',
    'of distro',
    'budget',
    'req/s',
    'p50 ms',
    'p99 ms',
    'RSS MB',
  ];
  const rows = results.map((result) => [
    result.subject,
    result.cpuMicros.toFixed(1),
    percent(result.cpuSpread),
    result.addedMicros?.toFixed(1) ?? '',
    ratio(result.addedRatio),
    ratio(result.budget),
    Math.round(result.requestsPerSecond).toString(),
    result.p50.toString(),
    result.p99.toString(),
    Math.round(result.residentMb).toString(),
  ]);
  return [head, ...rows];
}

export function startupTable(results: readonly StartupResult[]): string[][] {
  const head = ['subject', 'listening ms', 'spread', 'of distro', 'RSS MB'];
  const rows = results.map((result) => [
    result.subject,
    Math.round(result.listeningAfterMs).toString(),
    percent(result.spread),
    ratio(result.ratio),
    Math.round(result.residentMb).toString(),
  ]);
  return [head, ...rows];
}

export function unheardTable({ nanoseconds, budget, announced, keptBytes }: UnheardResult): string[][] {
  const head = ['an event that no module hears, ns', 'budget', 'announced', 'bytes kept of all'];
  return [head, [nanoseconds.toFixed(1), String(budget), String(announced), String(Math.max(0, keptBytes))]];
}

/** The sender's count beside the sum of ItemCount. */
export function samplingTable(result: SamplingResult): string[][] {
  const { percent: kept, requests, counted, bound, failures, countedFailures, rows, seconds } = result;
  const off = counted / requests - 1;
  const line = (what: string, sent: number, sum: number, difference: string, most: string, holds: boolean) => [
    what,
    String(sent),
    String(sum),
    difference,
    most,
    holds ? 'holds' : 'BROKEN',
  ];
  const inPercent = (share: number) => `${(share * 100).toFixed(2)} %`;
  return [
    [`at ${kept} %, ${rows} rows, ${Math.round(seconds)} s`, 'sent', 'sum(ItemCount)', 'difference', 'at most', ''],
    line('requests', requests, counted, inPercent(off), inPercent(bound), Math.abs(off) <= bound),
    line('failures', failures, countedFailures, String(countedFailures - failures), '0', failures === countedFailures),
  ];
}
