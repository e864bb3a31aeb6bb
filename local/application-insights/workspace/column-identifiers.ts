/**
 * What each column is called in DuckDB, by its name in Kusto. DuckDB takes names that differ in case only for one, so the
 * second of two such columns gets a suffix (`StackTrace_1`).
 */
export function columnIdentifiers(columns: readonly string[]): Readonly<Record<string, string>> {
  const taken = new Set<string>();
  const identifiers = columns.map((column) => {
    let identifier = column;
    for (let next = 1; taken.has(identifier.toLowerCase()); next++) identifier = `${column}_${next}`;
    taken.add(identifier.toLowerCase());
    return [column, identifier];
  });
  return Object.fromEntries(identifiers);
}

/** A name as it stands in SQL, whatever it holds. */
export const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
