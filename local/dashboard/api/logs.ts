import type { KqlResult } from '../../kql/index.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import { Refused } from './api-problem.ts';
import type { ApiRoutes } from './api-router.ts';
import { rangeFacts } from './asked-range.ts';
import type { LogList, LogRow, LogSeverity } from './contract.ts';
import { kqlText, kqlTime, numberOf, textOf } from './kql-text.ts';
import { createRanges } from './ranges.ts';

const PAGE = 200;
/** By `SeverityLevel` of Azure: 0 to 4. */
const severities: readonly LogSeverity[] = ['debug', 'info', 'warning', 'error', 'error'];
const kinds: Readonly<Record<string, LogRow['kind']>> = {
  AppTraces: 'log',
  AppExceptions: 'exception',
  AppEvents: 'event',
};

/** What the service said, newest first: log lines, exceptions and events of all operations. */
export function logRoutes(parts: Pick<DashboardParts, 'kql' | 'now'>): ApiRoutes {
  const { kql } = parts;
  const ranges = createRanges(parts);
  return {
    'GET logs': async ({ query }) => {
      const range = await ranges.read(query);
      const base = logsQuery(range.condition, query);
      const asked = `${base}${placeOf(query.get('cursor'))}\n| order by TimeGenerated desc, rowKey desc\n| take ${PAGE + 1}`;
      const [{ rows }, all] = await Promise.all([kql.run(asked), kql.run(`${base}\n| count`)]);
      const page = rows.slice(0, PAGE).map(describe);
      const data: LogList = {
        range: rangeFacts(range),
        rows: page,
        total: numberOf(all.rows[0]?.Count),
        query: asked,
      };
      return { data, next: rows.length > PAGE ? page.at(-1)?.place : undefined };
    },
  };
}

function logsQuery(condition: string, query: URLSearchParams): string {
  const q = (query.get('q') ?? '').trim();
  const operation = query.get('operation') ?? '';
  const wanted = query.get('severity') ?? '';
  const least = severities.indexOf(wanted as LogSeverity);
  if (wanted !== '' && least < 0) {
    throw new Refused(400, {
      title: 'The filter is wrong',
      detail: `"${wanted}" is no severity.`,
      remedy: `Choose one of ${[...new Set(severities)].join(', ')}.`,
    });
  }
  const message =
    'case(Type == "AppTraces", Message, Type == "AppExceptions", strcat(OuterType, ": ", OuterMessage), Name)';
  return [
    'union AppTraces, AppExceptions, AppEvents',
    `| where ${condition}`,
    ...(operation === '' ? [] : [`| where OperationId == ${kqlText(operation)}`]),
    `| extend severity = coalesce(toint(SeverityLevel), 1), message = ${message}`,
    ...(least > 0 ? [`| where severity >= ${least}`] : []),
    ...(q === ''
      ? []
      : [
          `| where message contains ${kqlText(q)} or Properties contains ${kqlText(q)} or OperationId startswith ${kqlText(q)}`,
        ]),
    '| extend rowKey = strcat(Type, ParentId, message)',
    '| project TimeGenerated, Type, severity, message, OperationId, AppRoleName, Properties, rowKey',
  ].join('\n');
}

/** The rows after the last one of the page before. Rows of one moment are told apart by what they are. */
function placeOf(cursor: string | null): string {
  if (cursor === null) return '';
  const [time = '', ...rest] = cursor.split('|');
  const at = Date.parse(time);
  if (Number.isNaN(at)) {
    const remedy = 'Reload the page.';
    throw new Refused(400, { title: 'The place is wrong', detail: '"cursor" is none that this server gave.', remedy });
  }
  const key = kqlText(rest.join('|'));
  return `\n| where TimeGenerated < ${kqlTime(at)} or (TimeGenerated == ${kqlTime(at)} and strcmp(rowKey, ${key}) < 0)`;
}

function describe(row: KqlResult['rows'][number]): LogRow {
  const operationId = textOf(row.OperationId);
  return {
    place: `${textOf(row.TimeGenerated)}|${textOf(row.rowKey)}`,
    time: textOf(row.TimeGenerated),
    severity: severities[numberOf(row.severity)] ?? 'info',
    kind: kinds[textOf(row.Type)] ?? 'log',
    message: textOf(row.message),
    ...(operationId !== '' && { operationId }),
    role: textOf(row.AppRoleName),
    properties: (row.Properties ?? {}) as Record<string, unknown>,
  };
}
