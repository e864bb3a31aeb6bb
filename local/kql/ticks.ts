export const TICKS = {
  microsecond: 10n,
  millisecond: 10_000n,
  second: 10_000_000n,
  minute: 600_000_000n,
  hour: 36_000_000_000n,
  day: 864_000_000_000n,
} as const;

/** Ticks of 1970-01-01. */
export const EPOCH_TICKS = 621_355_968_000_000_000n;

/** The ticks of a JavaScript date, which has milliseconds. */
export const ticksOfDate = (date: Date): bigint => BigInt(date.getTime()) * TICKS.millisecond + EPOCH_TICKS;

const pad = (value: bigint, digits: number) => String(value).padStart(digits, '0');

/** The last tick of the year 9999: later dates do not exist in Kusto. */
const LAST_TICK = 3_155_378_975_999_999_999n;

/** Whether ticks are a date of the years 1 to 9999. */
export const isDate = (ticks: bigint): boolean => ticks >= 0n && ticks <= LAST_TICK;

/** `2020-01-31T23:59:59.1234567Z`. BigInt divides towards zero: before 1970 the rest is taken off first. */
export function datetimeText(ticks: bigint): string {
  const rest = ((ticks % TICKS.second) + TICKS.second) % TICKS.second;
  const date = new Date(Number((ticks - rest - EPOCH_TICKS) / TICKS.millisecond));
  return `${date.toISOString().slice(0, 19)}.${pad(rest, 7)}Z`;
}

/** `[-][d.]hh:mm:ss[.fffffff]` */
export function timespanText(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const days = size / TICKS.day;
  const clock = [(size / TICKS.hour) % 24n, (size / TICKS.minute) % 60n, (size / TICKS.second) % 60n];
  const fraction = size % TICKS.second;
  return [
    ticks < 0n ? '-' : '',
    days > 0n ? `${days}.` : '',
    clock.map((part) => pad(part, 2)).join(':'),
    fraction > 0n ? `.${pad(fraction, 7)}` : '',
  ].join('');
}

/**
 * Ticks of a date as queries write it: `2020`, `2020-01-31`, `2020-01-31 10:00`, `…T10:00:00.1234567`, with `Z` or an
 * offset. Undefined for any other form.
 */
export function parseDatetime(text: string): bigint | undefined {
  const found =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(
      text,
    );
  if (!found) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = found;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  const written = [date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes()];
  if ([month, day, hour, minute].some((field, at) => Number(field) !== written[at])) return undefined;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  const offset = (BigInt(hours ?? 0) * TICKS.hour + BigInt(minutes ?? 0) * TICKS.minute) * (sign === '-' ? -1n : 1n);
  return ticksOfDate(date) + BigInt(fraction.padEnd(7, '0')) - offset;
}

const units: readonly [RegExp, bigint][] = [
  [/^d(ays?)?$/, TICKS.day],
  [/^h(ours?|rs?)?$/, TICKS.hour],
  [/^m(in(utes?)?)?$/, TICKS.minute],
  [/^s(ec(onds?)?)?$/, TICKS.second],
  [/^(ms|milli(s(econds?)?)?)$/, TICKS.millisecond],
  [/^micro(s(econds?)?)?$/, TICKS.microsecond],
  [/^ticks?$/, 1n],
];

/** Ticks of a span: `1d`, `1.5h`, `[-][d.]hh:mm[:ss[.fffffff]]`, or a whole number of days. Undefined otherwise. */
export function parseTimespan(text: string): bigint | undefined {
  const unit = /^(-?)(\d+)(?:\.(\d+))?\s*([a-z]+)$/.exec(text);
  if (unit) {
    const [, minus, whole = '', fraction = '', name = ''] = unit;
    const ticks = units.find(([pattern]) => pattern.test(name))?.[1];
    if (ticks === undefined) return undefined;
    const scaled = (BigInt(whole + fraction) * ticks) / 10n ** BigInt(fraction.length);
    return minus ? -scaled : scaled;
  }
  if (/^-?\d{1,8}$/.test(text)) return BigInt(text) * TICKS.day;
  const clock = /^(-?)(?:(\d{1,8})\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/.exec(text);
  if (!clock) return undefined;
  const [, minus, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = clock;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const ticks =
    BigInt(days) * TICKS.day +
    BigInt(hours) * TICKS.hour +
    BigInt(minutes) * TICKS.minute +
    BigInt(seconds) * TICKS.second +
    BigInt(fraction.padEnd(7, '0'));
  return minus ? -ticks : ticks;
}
