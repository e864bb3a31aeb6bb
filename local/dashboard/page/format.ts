/** Between a figure and its unit, so that a line never breaks there. */
const blank = '\u00a0';
const english = 'en-US';

/** A duration for people: `0.42 ms`, `4.2 ms`, `48 ms`, `1.24 s`, `2 m 04 s`, `1 h 12 m`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `−${formatDuration(-ms)}`;
  if (ms === 0) return `0${blank}ms`;
  if (ms < 0.995) return `${ms.toFixed(2)}${blank}ms`;
  if (ms < 9.95) return `${ms.toFixed(1)}${blank}ms`;
  if (ms < 999.5) return `${ms.toFixed(0)}${blank}ms`;
  if (ms < 9_995) return `${(ms / 1_000).toFixed(2)}${blank}s`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)}${blank}s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}${blank}m${blank}${two(seconds % 60)}${blank}s`;
  const minutes = Math.round(ms / 60_000);
  return `${Math.floor(minutes / 60)}${blank}h${blank}${two(minutes % 60)}${blank}m`;
}

const two = (value: number) => String(value).padStart(2, '0');

/** `11,160`; from 100,000 on `148 k`, then `1.2 M`, where the exact figure is not the point. */
export function formatCount(value: number, exact = false): string {
  if (exact || Math.abs(value) < 100_000) return value.toLocaleString(english, { maximumFractionDigits: 1 });
  if (Math.abs(value) < 999_500) return `${(value / 1_000).toFixed(0)}${blank}k`;
  return `${(value / 1_000_000).toFixed(1)}${blank}M`;
}

/** A share of 0 to 1: `0.8 %`. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  const digits = percent === 0 || percent >= 10 ? 0 : percent < 0.1 ? 2 : 1;
  return `${percent.toFixed(digits)}${blank}%`;
}

/** Bytes as they are billed: a GB is 10⁹. */
export function formatBytes(bytes: number): string {
  if (bytes < 999.5) return `${Math.round(bytes)}${blank}B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)}${blank}${units[unit]}`;
}

/** US dollars: `$31`, below 10 with cents. */
export const formatMoney = (dollars: number): string =>
  `$${dollars < 9.995 ? dollars.toFixed(2) : Math.round(dollars).toLocaleString(english)}`;

/** The time of the day where the reader is, with the date if it is another day: `14:31:49.762`. */
export function formatTime(at: string | number, { now = Date.now(), milliseconds = true } = {}): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return String(at);
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  const whole = milliseconds ? `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}` : clock;
  if (time.toDateString() === new Date(now).toDateString()) return whole;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${whole}`;
}

/** How long ago: `12 s ago`, `7 min ago`. */
export function formatAgo(at: string | number, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - new Date(at).getTime()) / 1_000));
  if (Number.isNaN(seconds)) return '–';
  if (seconds < 60) return `${seconds}${blank}s ago`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)}${blank}min ago`;
  if (seconds < 129_600) return `${Math.round(seconds / 3_600)}${blank}h ago`;
  return `${Math.round(seconds / 86_400)}${blank}days ago`;
}

/** The beginning of an id, by which a person recognises it. */
export const shortId = (id: string): string => (id.length > 12 ? `${id.slice(0, 8)}…` : id);

/** `1 message`, `2 messages`. */
export const formatNumberOf = (count: number, one: string, several = `${one}s`): string =>
  `${formatCount(count, true)}${blank}${count === 1 ? one : several}`;
