import { beginsAt, routes } from '../world/account.ts';
import { columns, eventOf, events, otherFingerprint, type RowColumns } from './row-columns.ts';
import type { ProcessRow } from './through-aggregator.ts';

const minuteMs = 60_000;

/** What two ways of making rows have in common, and how many rows one has and the other has not. */
export interface ComparedRows {
  readonly rows: number;
  readonly different: number;
}

/**
 * Holds the rows of the generator against those of the service's aggregator: every column that both fill. Of `caller-seen` the day is
 * compared: a caller of whom all is refused is seen there with the first refusal, and here when it begins.
 */
export function compareRows(own: RowColumns, aggregated: readonly ProcessRow[]): ComparedRows {
  const counts = new Map<string, number>();
  const count = (row: string, by: number) => counts.set(row, (counts.get(row) ?? 0) + by);
  for (let at = 0; at < own.length(); at++) count(textOfNumbers(own, at), 1);
  for (const row of aggregated) count(textOfRow(row), -1);
  const different = [...counts.values()].reduce((sum, each) => sum + Math.abs(each), 0);
  return { rows: aggregated.length, different };
}

function textOfNumbers(own: RowColumns, at: number): string {
  const value = (name: (typeof columns)[number]) => own.values(columns.indexOf(name), at, at + 1)[0] ?? -1;
  const isShape = value('event') === eventOf.trafficShape;
  const time = new Date(beginsAt + value('minute') * minuteMs - (isShape ? 1 : 0)).toISOString();
  const fingerprint = value('fingerprint') === otherFingerprint ? 'other' : value('fingerprint');
  const caller = value('caller') < 0 ? '' : value('caller');
  const sums = [value('calls'), isShape ? value('callers') : '', isShape ? value('bytes') : ''];
  const event = events[value('event')] ?? '';
  return [
    event,
    timeOf(event, time),
    value('process'),
    routes[value('route')] ?? '',
    fingerprint,
    caller,
    ...sums,
  ].join(' ');
}

function textOfRow({ process, row }: ProcessRow): string {
  const isShape = row.Event === 'traffic-shape';
  const { Route = '', Fingerprint = '', Caller = '' } = row;
  const sums = [row.Calls, isShape ? row.Callers : '', isShape ? row.Bytes : ''];
  return [row.Event, timeOf(row.Event, row.TimeGenerated), process, Route, Fingerprint, Caller, ...sums].join(' ');
}

const timeOf = (event: string, time: string): string => (event === 'caller-seen' ? time.slice(0, 10) : time);
