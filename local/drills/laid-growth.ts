import type { DuckDBConnection } from '@duckdb/node-api';
import type { Stretch, TimeLine } from './layout.ts';

/** Ages jump from one second to the next: a line is drawn through the oldest of so many seconds, at least so often. */
const [bucket, leastBuckets] = [5, 4];

/**
 * What grows while the fault is laid longer than it was captured, and by what. Nothing else does.
 *
 * | What | Grows with each copy of the fault by |
 * | --- | --- |
 * | `servicebus.oldest_message.age` | the length of the stretch, where the queue completed nothing in it |
 * | `servicebus.messages.active`, `.dead_letter` and `.scheduled` | what they grew by in the stretch |
 * | `ageMs` of a message's event, of the older half | the slope of the oldest of each five seconds, where at least four lie on a line |
 * | `ageMs` in the recovery, of what is older than it | the time for which the fault was laid beyond what was captured |
 * | `ActiveMessages`, `DeadletteredMessages` (platform metrics) | what they grew by in the stretch; dead letters stay |
 */
export async function measureGrowth(
  connection: DuckDBConnection,
  stretches: readonly Stretch[],
  { copies }: TimeLine,
): Promise<void> {
  const fault = stretches.find(({ name }) => name === 'fault');
  const recovery = stretches.find(({ name }) => name === 'recovery');
  const seconds = fault ? (fault.until - fault.from) / 1_000 : 0;
  const beyondMs = Math.max(0, copies.filter(({ stretch }) => stretch === 'fault').length - 1) * seconds * 1_000;
  const inFault = (table: string) =>
    `FROM stored."${table}" c JOIN drill.stretches s ON c."TimeGenerated" >= s.begins AND c."TimeGenerated" < s.ends WHERE s.name = 'fault'`;
  const at = `(c."TimeGenerated" - s.begins) / 1e7`;
  const source = `(c."Properties" ->> 'source')`;
  await connection.run(`
    CREATE TABLE drill.completed AS
      SELECT s.name AS stretch, ${source} AS source, (c."Measurements" ->> 'ageMs')::DOUBLE AS age, ${at} AS seconds
      FROM stored."AppEvents" c JOIN drill.stretches s ON c."TimeGenerated" >= s.begins AND c."TimeGenerated" < s.ends
      WHERE c."Name" = 'message.completed';
    CREATE TABLE drill.usual AS SELECT source, max(age) AS oldest FROM drill.completed WHERE stretch = 'calm' GROUP BY 1;
    CREATE TABLE drill.oldest AS SELECT source, floor(seconds / ${bucket}) * ${bucket} AS second, max(age) AS age
      FROM drill.completed WHERE stretch = 'fault' GROUP BY 1, 2;
    CREATE TABLE drill.ages AS
      SELECT o.source, greatest(coalesce(any_value(u.oldest), 0), max(o.age) / 2) AS above,
        CASE WHEN count(*) >= ${leastBuckets} AND regr_r2(o.age, second) > 0.5 THEN greatest(0, regr_slope(o.age, second)) * ${seconds} ELSE 0 END AS growth
      FROM drill.oldest o LEFT JOIN drill.usual u USING (source) GROUP BY 1;
    CREATE TABLE drill.metrics AS
      SELECT c."Name" AS name, ${source} AS source,
        CASE WHEN any_value(c."Name") <> 'servicebus.oldest_message.age' THEN greatest(0, max_by(c."Max", c."TimeGenerated") - min_by(c."Max", c."TimeGenerated"))
          WHEN min(c."Min") > 0 AND any_value(${source}) NOT IN (SELECT source FROM drill.completed WHERE stretch = 'fault') THEN ${seconds} ELSE 0 END AS growth
      ${inFault('AppMetrics')} AND c."Name" IN ('servicebus.oldest_message.age', 'servicebus.messages.active',
        'servicebus.messages.dead_letter', 'servicebus.messages.scheduled') GROUP BY 1, 2;
    CREATE TABLE drill.recovery AS SELECT ${recovery?.from ?? 0}::BIGINT AS begins, ${beyondMs}::DOUBLE AS beyond_ms;`);
}

interface GrowingColumns {
  columns: Readonly<Record<string, string>>;
  join: string;
}

const nothing: GrowingColumns = { columns: {}, join: '' };

/** How a view makes the growing columns of a table. */
export function growthSql(table: string): GrowingColumns {
  if (table === 'AppMetrics') {
    const grown = `CASE WHEN k.stretch = 'fault' THEN coalesce(g.growth, 0) * k.earlier ELSE 0 END`;
    return {
      columns: {
        Min: `c."Min" + ${grown}`,
        Max: `c."Max" + ${grown}`,
        Sum: `c."Sum" + c."ItemCount" * ${grown}`,
      },
      join: `LEFT JOIN drill.metrics g ON g.name = c."Name" AND g.source = (c."Properties" ->> 'source')`,
    };
  }
  if (table !== 'AppEvents') return nothing;
  const age = `(c."Measurements" ->> 'ageMs')::DOUBLE`;
  const isOlder = `${age} > (c."TimeGenerated" - s.begins) / 1e4`;
  const grown = `CASE WHEN k.stretch = 'fault' AND ${age} > g.above THEN g.growth * k.earlier
    WHEN k.stretch = 'recovery' AND ${isOlder} THEN (SELECT beyond_ms FROM drill.recovery) ELSE 0 END`;
  return {
    columns: {
      Measurements: `CASE WHEN ${age} IS NULL THEN c."Measurements"
        ELSE json_merge_patch(c."Measurements", json_object('ageMs', ${age} + ${grown})) END`,
    },
    join: `LEFT JOIN drill.ages g ON g.source = (c."Properties" ->> 'source')`,
  };
}
