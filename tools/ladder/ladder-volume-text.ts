import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { levels } from '../../src/observability/levels.ts';
import { table } from '../generate/markdown-table.ts';

/** A committed measurement: bytes of telemetry a message, by level and table. */
export interface LadderVolume {
  measuredOn: string;
  levels: Record<string, Record<string, number>>;
}

const root = join(import.meta.dirname, '../..');

/** The committed measurement. */
export const readLadderVolume = (): LadderVolume =>
  JSON.parse(readFileSync(join(root, 'docs/ladder-volume.json'), 'utf8')) as LadderVolume;

/** Bytes of telemetry for each message at a level, over all tables that messages fill. */
export const bytesOf = ({ levels: measured }: LadderVolume, level: number): number =>
  Object.values(measured[level] ?? {}).reduce((sum, bytes) => sum + bytes, 0);

const costMeter = 'modules/cost-meter.md';
/** The reference to the module's page, which goes with the module. */
const asDescribed = () =>
  existsSync(join(root, 'docs', costMeter)) ? `, as [cost-meter](${costMeter}) describes it` : '';

/** The section of `docs/ladder.md` that shows what each level costs in telemetry. */
export function ladderVolumeText(volume: LadderVolume): string {
  const tables = [...new Set(Object.values(volume.levels).flatMap(Object.keys))].toSorted();
  const rows = Object.entries(volume.levels).map(([level, bytes]) => [
    `${level} ${levels[Number(level) as keyof typeof levels].name}`,
    ...tables.map((name) => (bytes[name] ?? 0).toLocaleString('en')),
    bytesOf(volume, Number(level)).toLocaleString('en'),
  ]);
  return `${[
    '## The telemetry of a message, level by level',
    `Bytes for each message at 100 percent, of the whole service with the sample of its business, of which some calls fail and some messages are dead-lettered: \`npm run bench -- volume --record\`. It is the length of the stored columns${asDescribed()}; how far \`_BilledSize\` is from it, we have not seen. Metrics come with time and not with messages, and are not in it.`,
    table(['Level', ...tables.map((name) => `\`${name}\``), 'In all'], rows),
    `Measured on ${volume.measuredOn}.`,
  ].join('\n\n')}\n`;
}
