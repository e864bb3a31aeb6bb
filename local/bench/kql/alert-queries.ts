/** A question as an alert rule asks it, and what a person who knows DuckDB would write for the same tables. */
export interface AlertQuery {
  readonly name: string;
  readonly kql: string;
  readonly sql: string;
}

const SECOND = 10_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;

const code = 'TRY_CAST("ResultCode" AS INTEGER)';
const failed = `(${code} >= 500 OR ("Success" = false AND ${code} < 400))`;
const text = (column: string, name: string) => `(${column} ->> '$.${name}')`;
const source = text('"Properties"', 'source');
const message = text('"Properties"', 'messageId');

/** Ten of them. `now` is the clock in ticks. */
export const alertQueries = (now: bigint): AlertQuery[] => [
  {
    name: 'error budget in two windows',
    kql: `AppRequests
      | where isempty(SyntheticSource) and toint(ResultCode) >= 100
      | extend failed = toint(ResultCode) >= 500 or (Success == false and toint(ResultCode) < 400), recent = TimeGenerated > ago(10m)
      | summarize total = sum(ItemCount), bad = sumif(ItemCount, failed), recentTotal = sumif(ItemCount, recent), recentBad = sumif(ItemCount, recent and failed) by AppRoleName
      | where bad >= 10 and recentTotal > 0
      | project AppRoleName, burn = min_of(1.0 * bad / total / 0.001, 1.0 * recentBad / recentTotal / 0.001)`,
    sql: `SELECT "AppRoleName", least(bad / total / 0.001, "recentBad" / "recentTotal" / 0.001) AS burn FROM (
      SELECT "AppRoleName", sum("ItemCount") AS total, sum("ItemCount") FILTER (f) AS bad,
        sum("ItemCount") FILTER (r) AS "recentTotal", sum("ItemCount") FILTER (r AND f) AS "recentBad"
      FROM (SELECT "AppRoleName", "ItemCount", ${failed} AS f, "TimeGenerated" > ${now - 10n * MINUTE} AS r
        FROM "AppRequests" WHERE "SyntheticSource" = '' AND ${code} >= 100) GROUP BY 1)
      WHERE bad >= 10 AND "recentTotal" > 0`,
  },
  {
    name: 'share of failed calls by target',
    kql: `AppDependencies
      | where isempty(SyntheticSource) and DependencyType != "InProc" and Data !has "/v2.1/track"
      | summarize calls = sum(ItemCount), failed = sumif(ItemCount, Success == false) by Target
      | where calls >= 20 | project Target, failedShare = 100.0 * failed / calls`,
    sql: `SELECT "Target", 100.0 * failed / calls FROM (SELECT "Target", sum("ItemCount") AS calls,
        sum("ItemCount") FILTER ("Success" = false) AS failed FROM "AppDependencies"
      WHERE "SyntheticSource" = '' AND "DependencyType" <> 'InProc' AND NOT contains(lower("Data"), '/v2.1/track') GROUP BY 1)
      WHERE calls >= 20`,
  },
  {
    name: 'messages that nothing handles',
    kql: `AppEvents
      | where isempty(SyntheticSource) and Name startswith "message."
      | extend entity = tostring(split(tostring(Properties.source), "/")[0]), messageId = tostring(Properties.messageId)
      | where isnotempty(messageId)
      | summarize queuedAt = minif(TimeGenerated, Name == "message.queued"), handledAt = maxif(TimeGenerated, Name in ("message.attempted", "message.completed", "message.deadLettered")) by entity, messageId
      | summarize waiting = countif(isnull(handledAt) and queuedAt between (ago(1d) .. ago(15m))), lastHandled = max(handledAt) by entity`,
    sql: `SELECT entity, count(*) FILTER (h IS NULL AND q BETWEEN ${now - 24n * HOUR} AND ${now - 15n * MINUTE}), max(h)
      FROM (SELECT split_part(${source}, '/', 1) AS entity, ${message} AS m,
        min("TimeGenerated") FILTER ("Name" = 'message.queued') AS q,
        max("TimeGenerated") FILTER ("Name" IN ('message.attempted', 'message.completed', 'message.deadLettered')) AS h
      FROM "AppEvents" WHERE "SyntheticSource" = '' AND "Name" ILIKE 'message.%' AND ${message} <> '' GROUP BY 1, 2) GROUP BY 1`,
  },
  {
    name: 'share of late messages',
    kql: `AppEvents
      | where isempty(SyntheticSource) and Name == "message.completed"
      | extend source = tostring(Properties.source), message = tostring(Properties.messageId), ageMs = todouble(Measurements.ageMs)
      | where isnotnull(ageMs)
      | summarize completed = dcount(message, 4), late = dcountif(message, ageMs > 60000, 4) by source
      | project source, lateShare = 100.0 * late / completed`,
    sql: `SELECT source, 100.0 * late / completed FROM (SELECT source, count(DISTINCT m) AS completed,
        count(DISTINCT m) FILTER (age > 60000) AS late
      FROM (SELECT ${source} AS source, ${message} AS m, TRY_CAST(${text('"Measurements"', 'ageMs')} AS DOUBLE) AS age
        FROM "AppEvents" WHERE "SyntheticSource" = '' AND "Name" = 'message.completed') WHERE age IS NOT NULL GROUP BY 1)`,
  },
  {
    name: 'roles that are silent',
    kql: `let expected = datatable(AppRoleName: string)["role-0", "role-9"];
      let seen = union AppRequests, AppDependencies, AppEvents | where isempty(SyntheticSource) | summarize lastRow = max(TimeGenerated) by AppRoleName;
      expected | join kind=leftouter seen on AppRoleName | where isnull(lastRow) or lastRow < ago(15m) | project AppRoleName, lastRow`,
    sql: `SELECT e.role, s.last FROM (VALUES ('role-0'), ('role-9')) AS e(role) LEFT JOIN (
      SELECT "AppRoleName" AS role, max("TimeGenerated") AS last FROM (${['AppRequests', 'AppDependencies', 'AppEvents']
        .map((name) => `SELECT "AppRoleName", "TimeGenerated" FROM "${name}" WHERE "SyntheticSource" = ''`)
        .join(' UNION ALL ')}) GROUP BY 1) AS s USING (role) WHERE last IS NULL OR last < ${now - 15n * MINUTE}`,
  },
  {
    name: 'weighted percentiles by route',
    kql: `AppRequests
      | where isempty(SyntheticSource)
      | summarize calls = sum(ItemCount), p50 = percentilew(DurationMs, ItemCount, 50), p95 = percentilew(DurationMs, ItemCount, 95), p99 = percentilew(DurationMs, ItemCount, 99) by Name
      | order by calls desc`,
    sql: `SELECT n, sum(w) AS calls, min(d) FILTER (c >= t * 0.5), min(d) FILTER (c >= t * 0.95), min(d) FILTER (c >= t * 0.99)
      FROM (SELECT "Name" AS n, "DurationMs" AS d, "ItemCount" AS w, sum("ItemCount") OVER (PARTITION BY "Name" ORDER BY "DurationMs") AS c,
        sum("ItemCount") OVER (PARTITION BY "Name") AS t FROM "AppRequests" WHERE "SyntheticSource" = '') GROUP BY 1 ORDER BY 2 DESC`,
  },
  {
    name: 'routes and targets in one table',
    kql: `let requests = AppRequests | where isempty(SyntheticSource) | summarize calls = sum(ItemCount), failed = sumif(ItemCount, Success == false) by what = Name, direction = "in";
      let calls = AppDependencies | where isempty(SyntheticSource) | summarize calls = sum(ItemCount), failed = sumif(ItemCount, Success == false) by what = Target, direction = "out";
      union requests, calls | project direction, what, calls, share = round(100.0 * failed / calls, 2) | order by direction asc, calls desc`,
    sql: `SELECT direction, what, calls, round(100.0 * failed / calls, 2) FROM (
      SELECT 'in' AS direction, "Name" AS what, sum("ItemCount") AS calls, sum("ItemCount") FILTER ("Success" = false) AS failed
      FROM "AppRequests" WHERE "SyntheticSource" = '' GROUP BY 2 UNION ALL
      SELECT 'out', "Target", sum("ItemCount"), sum("ItemCount") FILTER ("Success" = false)
      FROM "AppDependencies" WHERE "SyntheticSource" = '' GROUP BY 2) ORDER BY 1, 3 DESC`,
  },
  {
    name: '95th percentile in bins of 5 minutes',
    kql: 'AppRequests | where TimeGenerated > ago(6h) | summarize p95 = percentile(DurationMs, 95) by bin(TimeGenerated, 5m) | order by TimeGenerated asc',
    sql: `SELECT "TimeGenerated" // ${5n * MINUTE} AS b, quantile_disc("DurationMs", 0.95) FROM "AppRequests"
      WHERE "TimeGenerated" > ${now - 6n * HOUR} GROUP BY 1 ORDER BY 1`,
  },
  {
    name: 'failed requests with their failed calls',
    kql: `AppRequests | where Success == false
      | join kind=inner (AppDependencies | where Success == false) on OperationId | summarize n = count() by Name, Target`,
    sql: `SELECT r."Name", d."Target", count(*) FROM "AppRequests" AS r JOIN "AppDependencies" AS d USING ("OperationId")
      WHERE NOT r."Success" AND NOT d."Success" GROUP BY 1, 2`,
  },
  {
    name: 'a series of 288 bins by role',
    kql: 'AppRequests | make-series n = sum(ItemCount) on TimeGenerated from ago(1d) to now() step 5m by AppRoleName',
    sql: `WITH b AS (SELECT "AppRoleName" AS role, ("TimeGenerated" - ${now - 24n * HOUR}) // ${5n * MINUTE} AS i, sum("ItemCount") AS n
        FROM "AppRequests" WHERE "TimeGenerated" >= ${now - 24n * HOUR} AND "TimeGenerated" < ${now} GROUP BY 1, 2)
      SELECT k.role, list(coalesce(b.n, 0) ORDER BY g.i) FROM (SELECT DISTINCT role FROM b) AS k CROSS JOIN range(288) AS g(i)
      LEFT JOIN b ON b.role = k.role AND b.i = g.i GROUP BY 1`,
  },
];
