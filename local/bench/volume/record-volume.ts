import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VolumeResult } from './measure-volume.ts';
import { byTime } from './run-messages.ts';
import { volumeSubjects } from './volume-subjects.ts';

const path = 'docs/ladder-volume.json';

/**
 * Writes the bytes of telemetry a message by level and table to `docs/ladder-volume.json`, which `docs/ladder.md` shows.
 * What comes with time and not with messages is left out. `measuredOn` is a day, as ISO 8601.
 */
export async function recordVolume(results: readonly VolumeResult[], measuredOn: string): Promise<string> {
  const levels = volumeSubjects.flatMap(({ name, level }) => {
    const result = results.find(({ subject }) => subject === name);
    if (level === undefined || !result) return [];
    const tables = Object.entries(result.tables).filter(([table]) => !byTime.includes(table));
    const each = tables.map(([table, { bytes }]) => [table, Math.round(bytes / result.messages)] as const);
    return [[level, Object.fromEntries(each.toSorted())] as const];
  });
  const text = `${JSON.stringify({ measuredOn, levels: Object.fromEntries(levels) }, null, 2)}\n`;
  await writeFile(join(import.meta.dirname, '../../..', path), text);
  return path;
}
