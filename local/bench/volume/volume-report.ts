import type { VolumeBound, VolumeResult } from './measure-volume.ts';
import { byTime } from './run-messages.ts';

const whole = (value: number) => Math.round(value).toString();

/** Bytes and rows a message by table; last what does not depend on messages, as bytes of the whole run. */
export function volumeTable(results: readonly VolumeResult[]): string[][] {
  const found = [...new Set(results.flatMap(({ tables }) => Object.keys(tables)))];
  const names = found.filter((name) => !byTime.includes(name)).toSorted();
  const mix = ['messages', 'failed attempts', 'dead letters'];
  const head = ['bytes (rows) a message', ...mix, ...names, 'all of these', 'by time, bytes of the run'];
  const rows = results.map(({ subject, messages, failedAttempts, deadLettered, tables }) => {
    const cells = names.map((name) => {
      const { bytes, rows } = tables[name] ?? { bytes: 0, rows: 0 };
      return `${whole(bytes / messages)} (${(rows / messages).toFixed(2)})`;
    });
    const sum = (wanted: readonly string[]) => wanted.reduce((bytes, name) => bytes + (tables[name]?.bytes ?? 0), 0);
    const sent = [messages, failedAttempts, deadLettered].map(String);
    return [subject, ...sent, ...cells, whole(sum(names) / messages), whole(sum(byTime))];
  });
  return [head, ...rows];
}

/** What was promised beside what was measured. */
export function boundsTable(bounds: readonly VolumeBound[]): string[][] {
  const rows = bounds.map(({ what, measured, bound, unit }) => [
    what,
    `${measured.toFixed(3)} ${unit}`.trim(),
    `${bound} ${unit}`.trim(),
    measured <= bound ? 'holds' : 'BROKEN',
  ]);
  return [['promise', 'measured', 'at most', ''], ...rows];
}

export const volumeNote =
  'Bytes are the UTF-8 length of the stored columns, as docs/modules/cost-meter.md describes it. By time: metrics, performance counters, and calls with which the SDK asks for messages and gets none. With the distribution the log lines are still those of structured-logs: by itself it sends none.';
