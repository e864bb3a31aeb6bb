import { join } from 'node:path';

/** One way to run the service. */
export interface VolumeSubject {
  name: string;
  /** Of the ladder, at 100 percent: its volume can be recorded. */
  level?: number;
  /** `observability.json`. */
  config: object;
  /** Loaded before the service. */
  preload?: readonly string[];
}

/** A loaded machine answers slowly, and slow traces are kept whole: what is measured here is the mix. */
const slo = { latencyMs: 60_000, messageLatencySeconds: 3_600 };
const atLevel = (level: number, percent: number): VolumeSubject => ({
  name: `level ${level}, ${percent} %`,
  config: { level, sampling: { percent }, slo },
});

export const plainDistro = 'distro, 100 %';
export const sampledLevel = 'level 3, 5 %';
export const explainedLevel = 'level 3, 100 %';

export const volumeSubjects: readonly VolumeSubject[] = [
  {
    name: plainDistro,
    config: { level: 1, modules: { remove: ['application-insights', 'basic-alerts'] } },
    preload: [join(import.meta.dirname, 'plain-distro.preload.ts')],
  },
  ...[1, 2, 3, 4].map((level) => ({ ...atLevel(level, 100), level })),
  atLevel(3, 5),
];
