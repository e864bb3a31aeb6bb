import type { KqlSchema } from '../../kql/index.ts';

const common = {
  TimeGenerated: 'datetime',
  AppRoleName: 'string',
  Name: 'string',
  ItemCount: 'int',
  OperationId: 'string',
  SyntheticSource: 'string',
  Properties: 'dynamic',
};
const call = { ...common, DurationMs: 'real', Success: 'bool', ResultCode: 'string' };

/** The columns that the queries read. */
export const benchSchema: KqlSchema = {
  AppRequests: { ...call, Url: 'string' },
  AppDependencies: { ...call, Target: 'string', DependencyType: 'string', Data: 'string' },
  AppEvents: { ...common, Measurements: 'dynamic' },
};

const DAY_TICKS = 864_000_000_000n;
/** Of all rows: mostly requests, then calls, then events. */
const shares = { requests: 0.6, dependencies: 0.27, events: 0.13 };

/** Statements that fill the tables with so many rows of the day before a moment, given in ticks. The same each time. */
export function fillSql(rows: number, now: bigint): string[] {
  const of = (share: number) => Math.floor(rows * share);
  const time = (count: number) => `${now}::BIGINT - i * ${DAY_TICKS / BigInt(count)} AS "TimeGenerated"`;
  const shared = `'role-' || (i % 3) AS "AppRoleName", 1 AS "ItemCount", md5((i // 3)::VARCHAR) AS "OperationId"`;
  const duration = `(i * 7919 % 100003) / 100.0 AS "DurationMs"`;
  const { requests, dependencies, events } = shares;
  return [
    `INSERT INTO "AppRequests" BY NAME SELECT ${time(of(requests))}, ${shared}, ${duration},
      'GET /items/' || (i % 40) AS "Name", i % 97 <> 0 AS "Success", 'https://host/items/' || i AS "Url",
      CASE WHEN i % 97 = 0 THEN '500' WHEN i % 31 = 0 THEN '404' ELSE '200' END AS "ResultCode"
      FROM range(${of(requests)}) AS r(i)`,
    `INSERT INTO "AppDependencies" BY NAME SELECT ${time(of(dependencies))}, ${shared}, ${duration},
      'target-' || (i % 7) AS "Target", i % 41 <> 0 AS "Success",
      CASE WHEN i % 50 = 0 THEN 'InProc' ELSE 'HTTP' END AS "DependencyType",
      'https://host/' || (i % 5000) || CASE WHEN i % 40 = 0 THEN '/v2.1/track' ELSE '/x' END AS "Data"
      FROM range(${of(dependencies)}) AS r(i)`,
    `INSERT INTO "AppEvents" BY NAME SELECT ${time(of(events))}, ${shared},
      'message.' || ['queued', 'attempted', 'completed', 'deadLettered'][i % 4 + 1] AS "Name",
      '{"source":"parcels/' || (i % 5) || '","messageId":"m' || (i // 4) || '"}' AS "Properties",
      '{"ageMs":' || (i % 100000) || '}' AS "Measurements"
      FROM range(${of(events)}) AS r(i)`,
  ];
}
