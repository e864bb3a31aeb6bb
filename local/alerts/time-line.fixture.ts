import { expect, test } from 'vitest';
import { memoryTables } from '../kql/memory-tables.fixture.ts';
import { ticksOfDate } from '../kql/ticks.ts';
import { createMetricStore, type MetricStore } from '../platform-metrics/metric-store.ts';
import { createAlertEvaluator } from './alert-evaluator.ts';
import type { DeployedRule } from './deployed/rule-resources.ts';
import type { AlertNotice } from './evaluated-rule.ts';
import { MINUTE_MS } from './iso-minutes.ts';
import { openLogs } from './logs-at.ts';

/**
 * A rule and what happens, by minutes. Each line after `minute` names a role (of requests) or an entity (of a metric); a cell
 * holds what comes just before that minute: `3` failed requests or a measured value, `2x20` two rows that stand for 20 each,
 * `3@5` rows of minute 5 that come late, `ok` a request that did not fail, or nothing. The line `alerts` is what must happen at that
 * minute: `+api` fires for api, `-api` is resolved, `(api)` fires muted; `all` where a rule is not split.
 */
export interface TimeLine {
  says: string;
  /** The page of Microsoft that says so: below `articles/azure-monitor/alerts/` of MicrosoftDocs/azure-monitor-docs, else whole. */
  page: string;
  rule: DeployedRule;
  table: string;
}

const start = Date.parse('2026-11-22T00:00:00Z');
const minuteOf = (minute: number) => new Date(start + minute * MINUTE_MS);
const schema = {
  AppRequests: { TimeGenerated: 'datetime', AppRoleName: 'string', Success: 'bool', ItemCount: 'int' },
} as const;

interface Lines {
  minutes: readonly number[];
  series: readonly (readonly [name: string, cells: readonly string[]])[];
  alerts: readonly string[];
}

function readTable(table: string): Lines {
  const lines = table
    .split('\n')
    .filter((line) => line.includes('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const [minutes = [], ...rest] = lines;
  const series = rest.map(([name = '', ...cells]) => [name, cells] as const);
  const alerts = series.find(([name]) => name === 'alerts')?.[1] ?? [];
  return { minutes: minutes.slice(1).map(Number), series: series.filter(([name]) => name !== 'alerts'), alerts };
}

const said = ({ monitorCondition, dimensions, muted }: AlertNotice): string => {
  const name = dimensions.map(({ value }) => value).join('/') || 'all';
  return muted ? `(${name})` : `${monitorCondition === 'Fired' ? '+' : '-'}${name}`;
};

/** Rows of requests as SQL: those of a cell at a minute. */
function rowsOf(role: string, cell: string, minute: number): string[] {
  return cell.split(' ').flatMap((part) => {
    const [, count = '1', ok, weight = '1', late] = /^(?:(\d+)|(ok))(?:x(\d+))?(?:@(\d+))?$/.exec(part) ?? [];
    if (part === '') return [];
    const time = late === undefined ? new Date(minuteOf(minute).getTime() - 30_000) : minuteOf(Number(late));
    const row = `(${ticksOfDate(time)}, '${role}', ${ok !== undefined}, ${weight})`;
    return Array.from({ length: Number(count) }, () => row);
  });
}

/** Tables and queries for log rules, with rows put in as they come. */
async function openRequests() {
  const tables = await memoryTables(schema);
  const connection = await tables.connection();
  const logs = openLogs({ tables });
  return {
    ask: logs.ask,
    async put(rows: readonly string[]) {
      if (rows.length > 0) await connection.run(`INSERT INTO "AppRequests" VALUES ${rows.join(', ')}`);
    },
    close() {
      logs.close();
      connection.closeSync();
      tables.close();
    },
  };
}

/** Makes a test of each time line, with the real KQL engine and the real store of metrics, on a clock that is set. */
export function testTimeLines(timeLines: readonly TimeLine[]): void {
  test.each(timeLines)('$says ($page)', async ({ rule, table }) => {
    const { minutes, series, alerts } = readTable(table);
    const requests = rule.kind === 'scheduledQueryRules' ? await openRequests() : undefined;
    let clock = minuteOf(0);
    const metrics = createMetricStore({ now: () => clock });
    const ask = requests?.ask ?? (() => Promise.reject(new Error('A metric rule asks no log')));
    const evaluator = createAlertEvaluator({ ask, readMetric: metrics.read });
    evaluator.deploy([rule]);
    const happened: string[] = [];
    try {
      for (const [at, minute] of minutes.entries()) {
        clock = new Date(minuteOf(minute).getTime() - 30_000);
        if (requests) await requests.put(series.flatMap(([role, cells]) => rowsOf(role, cells[at] ?? '', minute)));
        else measure(metrics, series, at);
        happened.push((await evaluator.evaluate(minuteOf(minute))).map(said).join(' '));
        expect(evaluator.rules()[0]?.why).toBeUndefined();
      }
    } finally {
      requests?.close();
    }
    const asTable = (cells: readonly string[]) => minutes.map((minute, at) => `${minute}: ${cells[at] ?? ''}`);
    expect(asTable(happened)).toEqual(asTable(alerts));
  });
}

function measure(metrics: MetricStore, series: Lines['series'], at: number): void {
  for (const [name, cells] of series) {
    const [metric = '', EntityName] = name.split(' of ');
    for (const value of (cells[at] ?? '').split(' ').filter(Boolean))
      metrics.record(metric, EntityName === undefined ? {} : { EntityName }, Number(value));
  }
}
