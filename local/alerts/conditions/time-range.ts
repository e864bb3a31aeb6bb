/**
 * A query whose tables hold the rows of the last `minutes` alone, both ends included. Azure limits a rule's query so, also one
 * that says `ago(1d)` itself ("Even if ago command is used in the query, the time range will apply":
 * MicrosoftDocs/azure-docs articles/azure-monitor/alerts/alerts-unified-log.md; `between` with both ends: the links of the
 * payload in MicrosoftDocs/azure-monitor-docs articles/azure-monitor/alerts/alerts-common-schema.md). The text is the same for
 * every evaluation, so that its translation is kept.
 */
export function limitTimeRange(query: string, minutes: number, tables: readonly string[]): string {
  if (/\bunion\b[^|;]*\w\*/.test(query)) throw new Error('The query of a rule names tables by a pattern: name each');
  const named = tables.filter((table) => new RegExp(`\\b${table}\\b`).test(query));
  const limits = named.map(
    (name) => `let ${name} = ${name} | where TimeGenerated between (ago(${minutes}m) .. now());\n`,
  );
  return `${limits.join('')}${query}`;
}
