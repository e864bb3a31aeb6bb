import { join } from 'node:path';

/** One way to run the service. */
export interface VolumeSubject {
  name: string;
  /** Of the ladder, at 100 percent with the usual mix: its volume can be recorded. */
  level?: number;
  /** `observability.json`. */
  config: object;
  /** Loaded before the service. */
  preload?: readonly string[];
  mix?: Mix;
}

export interface Mix {
  /** Of the sample and of what fails. */
  seed: number;
  /** The share of calls that a destination refuses, so that messages are delivered again. */
  failingShare: number;
}

export const usualMix: Mix = { seed: 1, failingShare: 0.02 };
/** Other messages, and five times the failures. */
const otherMix: Mix = { seed: 2, failingShare: 0.1 };

/** A loaded machine answers slowly, and slow traces are kept whole: what is measured here is the mix. */
const slo = { latencyMs: 60_000, messageLatencySeconds: 3_600 };
const atLevel = (level: number, percent: number): VolumeSubject => ({
  name: `level ${level}, ${percent} %`,
  config: { level, sampling: { percent }, slo },
});

export const plainDistro = 'distro, 100 %';
export const sampledLevel = 'level 3, 5 %';
export const explainedLevel = 'level 3, 100 %';
const ladder = [1, 2, 3, 4, 5].map((level) => ({ ...atLevel(level, 100), level }));
/** The same level with the other mix. */
export const otherwise = ({ name }: VolumeSubject): string => `${name}, five times the failures`;

export const volumeSubjects: readonly VolumeSubject[] = [
  {
    name: plainDistro,
    config: { level: 1, modules: { remove: ['application-insights', 'basic-alerts'] } },
    preload: [join(import.meta.dirname, 'plain-distro.preload.ts')],
  },
  ...ladder,
  atLevel(3, 5),
  ...ladder.map(({ level: _, ...subject }) => ({ ...subject, name: otherwise(subject), mix: otherMix })),
];
