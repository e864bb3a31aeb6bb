/**
 * What each column is called in DuckDB, by its name in Kusto. DuckDB takes names that differ in case only for one, so the
 * second of two such columns gets a suffix (`StackTrace_2`).
 */
export function columnIdentifiers(columns: readonly string[]): Readonly<Record<string, string>> {
  const taken = new Set<string>();
  const claim = (name: string, number: number): string => {
    const identifier = number === 1 ? name : `${name}_${number}`;
    const isTaken = taken.has(identifier.toLowerCase()) || (number > 1 && columns.includes(identifier));
    if (isTaken) return claim(name, number + 1);
    taken.add(identifier.toLowerCase());
    return identifier;
  };
  return Object.fromEntries(columns.map((column) => [column, claim(column, 1)]));
}

/** A name as it stands in SQL, whatever it holds. */
export const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
