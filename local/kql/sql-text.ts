/** A name in SQL. Always quoted: DuckDB's own words are names of columns in Azure. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text in SQL. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Stands for the clock in a translation, so that it can be kept and run again later. A text cannot contain it: NUL is
 * refused in queries.
 */
export const CLOCK = '\0clock\0';

/** SQL with a clock in ticks in the place of every `CLOCK`. */
export const withClock = (sql: string, ticks: bigint): string => sql.replaceAll(CLOCK, `${ticks}::BIGINT`);
