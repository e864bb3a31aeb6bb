import type { KqlValue } from './read-rows.ts';

/** A whole number in JSON as it is, not as the nearest JavaScript number. Node has it; TypeScript's library not yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): object };

/** One line of JSON. What JSON has no number for becomes its name, as Azure's own answers have it. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return rawJSON(String(part));
    return typeof part === 'number' && !Number.isFinite(part) ? String(part) : part;
  });

const asExact = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

/** Reads JSON without changing whole numbers beyond 2^53: they become bigint. */
export const readJson = (text: string): KqlValue =>
  JSON.parse(text, (_key, part: unknown, context?: { source?: string }) => {
    const source = context?.source;
    return typeof part === 'number' && source !== undefined && /^-?\d+$/.test(source) ? asExact(BigInt(source)) : part;
  }) as KqlValue;
