import { z } from 'zod';

const SEVERITIES = ['Verbose', 'Information', 'Warning', 'Error', 'Critical'];
const TIME_SPAN = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(\.\d{1,9})?$/;

const NO_PROPERTIES: Readonly<Record<string, string>> = Object.freeze({});
const NO_MEASUREMENTS: Readonly<Record<string, number>> = Object.freeze({});

/** Text that an SDK may leave out or send as null. */
export const text = z.string().nullish();

/** `[d.]hh:mm:ss.fffffff`, the .NET time span of the Breeze protocol, in milliseconds. */
export const timeSpan = z.string().transform((value, context) => {
  const [, days = '0', hours, minutes, seconds, fraction = '0'] = TIME_SPAN.exec(value) ?? [];
  if (hours === undefined) {
    context.addIssue({ code: 'custom', message: `"${value}" is not a time span such as 00:00:01.250` });
    return z.NEVER;
  }
  const wholeSeconds = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return Math.round((wholeSeconds + Number(fraction)) * 1e7) / 1e4; // ticks of 100 ns
});

/** The word of today's exporters or the number of older SDKs, as the number that the tables hold. */
export const severityLevel = z
  .union([z.enum(SEVERITIES).transform((word) => SEVERITIES.indexOf(word)), z.int().min(0).max(4)])
  .nullish();

export const severityWord = (level: number | null | undefined): string | undefined => SEVERITIES[level ?? -1];

/** Custom dimensions are strings in Azure, whatever was sent. */
export const properties = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((sent) => {
    const entries = Object.entries(sent ?? {}).filter(([, value]) => value !== null);
    if (entries.length === 0) return NO_PROPERTIES;
    return Object.fromEntries(entries.map(([key, value]) => [key, asText(value)]));
  });

/** Numbers only: JSON has no NaN, so a measurement that was none arrives as null. */
export const measurements = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((sent) => {
    const entries = Object.entries(sent ?? {}).filter(([, value]) => typeof value === 'number');
    return entries.length === 0 ? NO_MEASUREMENTS : Object.fromEntries(entries);
  });

/** A result code: text, sent as a number by some SDKs. */
export const code = z.union([z.string(), z.number().transform(String)]).nullish();

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
