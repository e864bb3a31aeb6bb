import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { levels } from '../../src/observability/levels.ts';
import { table } from './markdown-table.ts';

/** A committed measurement: bytes of telemetry a message, by level and table. */
export interface LadderVolume {
  measuredOn: string;
  levels: Record<string, Record<string, number>>;
}

const root = join(import.meta.dirname, '../..');

/** The committed measurement. */
export const readLadderVolume = (): LadderVolume =>
  JSON.parse(readFileSync(join(root, 'docs/ladder-volume.json'), 'utf8')) as LadderVolume;

/** The section of `docs/ladder.md` that shows what each level costs in telemetry. */
export function ladderVolumeText({ measuredOn, levels: measured }: LadderVolume): string {
  const tables = [...new Set(Object.values(measured).flatMap(Object.keys))].toSorted();
  const rows = Object.entries(measured).map(([level, bytes]) => [
    `${level} ${levels[Number(level) as keyof typeof levels].name}`,
    ...tables.map((name) => (bytes[name] ?? 0).toLocaleString('en')),
    Object.values(bytes)
      .reduce((sum, each) => sum + each, 0)
      .toLocaleString('en'),
  ]);
  return `${[
    '## The telemetry of a message, level by level',
    'Bytes for each message at 100 percent, of the whole service with the sample of its business, of which some calls fail and some messages are dead-lettered: `npm run bench -- volume --record`. It is the length of the stored columns, as [cost-meter](modules/cost-meter.md) describes it; how far `_BilledSize` is from it, we have not seen. Metrics come with time and not with messages, and are not in it.',
    table(['Level', ...tables.map((name) => `\`${name}\``), 'In all'], rows),
    `Measured on ${measuredOn}.`,
  ].join('\n\n')}\n`;
}
