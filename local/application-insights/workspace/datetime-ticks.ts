/** Ticks of 100 ns from 0001-01-01, where Kusto begins to count, to 1970-01-01. */
const TICKS_TO_1970 = 621_355_968_000_000_000n;
const TICKS_A_MS = 10_000n;
const fraction = /\.(\d+)/;

/** The ticks of a point in time in ISO text with its offset; digits beyond the seventh are cut. Throws for other text. */
export function datetimeTicks(text: string): bigint {
  const ms = Date.parse(text.replace(fraction, ''));
  if (Number.isNaN(ms)) throw new Error(`"${text}" is no ISO date and time such as 2026-11-22T10:00:00.1234567Z`);
  const digits = (fraction.exec(text)?.[1] ?? '').padEnd(7, '0').slice(0, 7);
  return BigInt(ms) * TICKS_A_MS + BigInt(digits) + TICKS_TO_1970;
}

/** The same as text, as Kusto writes it: `2026-11-22T10:00:00.1234567Z`. */
export function datetimeText(ticks: bigint): string {
  const since1970 = ticks - TICKS_TO_1970;
  const rest = ((since1970 % TICKS_A_MS) + TICKS_A_MS) % TICKS_A_MS;
  const ms = new Date(Number((since1970 - rest) / TICKS_A_MS)).toISOString();
  return `${ms.slice(0, -1)}${String(rest).padStart(4, '0')}Z`;
}
