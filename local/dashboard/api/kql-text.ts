import type { KqlValue } from '../../kql/index.ts';

/** A text as KQL writes it. Whatever it holds, it stays a text. */
export const kqlText = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

export const kqlTime = (ms: number): string => `datetime(${new Date(ms).toISOString()})`;

/** A length of time as KQL writes it. */
export const kqlSpan = (ms: number): string => `${ms}ms`;

export const numberOf = (value: KqlValue | undefined): number => Number(value ?? 0);

/** A number, or null where there was nothing to measure. */
export const measured = (value: KqlValue | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

export const textOf = (value: KqlValue | undefined): string => (typeof value === 'string' ? value : '');
