import { resolve } from 'node:path';
import type { Level } from '../../../src/config/manifest.ts';
import { registry } from '../../../src/observability/registry.ts';
import { ladderStep } from '../../../tools/ladder/ladder-step.ts';
import type { LadderVolume } from '../../../tools/ladder/ladder-volume-text.ts';
import type { VolumeBound, VolumeResult } from './measure-volume.ts';
import { byTime } from './run-messages.ts';
import { otherwise, volumeSubjects } from './volume-subjects.ts';

const root = resolve(import.meta.dirname, '../../..');
const manifests = registry.map(({ manifest }) => manifest);
/** A month has more messages than a run, and is told in GB. */
const runs = 1e6;
const ladder = volumeSubjects.filter(({ level }) => level !== undefined);

/**
 * How far `npm run plan` is from what was measured, for each step up and down: it knows the bytes of the lower or upper
 * level with the usual mix, and predicts those of the other level, which were measured with other messages and five times
 * the failures. `measuredVolume`: the committed measurement unless another is given.
 */
export function predictionBounds(results: readonly VolumeResult[], measuredVolume?: LadderVolume): VolumeBound[] {
  const found = (name: string) => results.find(({ subject }) => subject === name);
  return ladder.flatMap((start) =>
    ladder.flatMap((end) => {
      const [known, measured] = [found(start.name), found(otherwise(end))];
      const [from, to] = [start.level as Level, end.level as Level];
      if (!known || !measured || Math.abs(from - to) !== 1) return [];
      const step = ladderStep({
        ...{ root, manifests, from, to, topology: 'single', messages: undefined },
        billedBytes: runs * bytesOfMessages(known),
        ...(measuredVolume && { measured: measuredVolume }),
      });
      const predicted = (step.cost.telemetry.after.gb * 1e9) / (runs * known.messages);
      const off = Math.abs(predicted / (bytesOfMessages(measured) / measured.messages) - 1);
      return [{ what: `plan ${from} ${to}: bytes a message are off by`, measured: off, bound: 0.2, unit: '' }];
    }),
  );
}

const bytesOfMessages = ({ tables }: VolumeResult): number =>
  Object.entries(tables).reduce((sum, [table, { bytes }]) => sum + (byTime.includes(table) ? 0 : bytes), 0);
