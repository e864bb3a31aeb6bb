import { EPOCH_TICKS, TICKS } from '../../kql/ticks.ts';

const fraction = /\.(\d+)/;

/** The ticks of a point in time in ISO text with its offset; digits beyond the seventh are cut. Throws for other text. */
export function datetimeTicks(text: string): bigint {
  const ms = Date.parse(text.replace(fraction, ''));
  if (Number.isNaN(ms)) throw new Error(`"${text}" is no ISO date and time such as 2026-11-22T10:00:00.1234567Z`);
  const digits = (fraction.exec(text)?.[1] ?? '').padEnd(7, '0').slice(0, 7);
  return BigInt(ms) * TICKS.millisecond + BigInt(digits) + EPOCH_TICKS;
}
