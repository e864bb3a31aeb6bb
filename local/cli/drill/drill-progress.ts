import { SingleBar } from 'cli-progress';
import type { Drill } from '../../drills/drill-definition.ts';
import { secondsOf } from '../../drills/run-drills.ts';
import type { Host } from '../command.ts';
import { isForEyes } from '../for-eyes.ts';

export interface DrillProgress {
  /** So many more seconds of stretches have passed. */
  passed(seconds: number): void;
  /** Writes something else meanwhile. */
  pause(write: () => void): void;
  stop(): void;
}

/** A bar on standard error while drills run; nothing at all where nobody looks. */
export function createDrillProgress(
  runs: readonly { drill: Drill; level: number }[],
  { stderr, env }: Pick<Host, 'stderr' | 'env'>,
): DrillProgress {
  if (!isForEyes(stderr, env)) return { passed() {}, pause: (write) => write(), stop() {} };
  const total = runs.reduce((sum, { drill }) => sum + secondsOf(drill), 0);
  const bar = new SingleBar({
    stream: stderr,
    format: '{bar} {value} of {total} s of drills',
    hideCursor: false, // an interrupted command must leave the terminal as it was
    clearOnComplete: true,
  });
  let passed = 0;
  bar.start(total, passed);
  return {
    passed(seconds) {
      passed += seconds;
      bar.update(passed);
    },
    pause(write) {
      bar.stop();
      write();
      bar.start(total, passed);
    },
    stop: () => bar.stop(),
  };
}
