import { withDeadline } from './deadline.ts';
import type { Logger } from './log.ts';

export interface Step {
  name: string;
  /** Should be done when `deadline` aborts; shortly after that it is left behind. */
  stop(deadline: AbortSignal): Promise<void> | void;
  /** Kept for this step however long the ones before it take, in milliseconds. */
  reserveMs: number;
}

/** What a step gets between its deadline and being left behind: time to abandon what it could not finish. */
const lagMs = 1_000;

/**
 * Takes the steps off the end of `steps` and runs them one after the other, in `graceMs` at most. A step that hangs or
 * fails is named in a warning and does not stop the rest. Steps that are added meanwhile run too.
 */
export async function runSteps(steps: Step[], { graceMs, log }: { graceMs: number; log: Logger }): Promise<void> {
  const endsAt = performance.now() + graceMs;
  // In a short grace period the reserves must leave something to those who wait for work to finish.
  const scale = Math.min(1, graceMs / 2 / (reserved(steps) || 1));
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    await runStep(step, Math.max(0, endsAt - scale * reserved(steps) - performance.now()), log);
  }
}

function reserved(steps: readonly Step[]): number {
  return steps.reduce((sum, { reserveMs }) => sum + reserveMs, 0);
}

async function runStep({ name: step, stop }: Step, withinMs: number, log: Logger): Promise<void> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), withinMs - Math.min(lagMs, withinMs / 4));
  const leftBehind = new Error('left behind');
  try {
    await withDeadline(
      withinMs,
      async () => stop(deadline.signal),
      () => leftBehind,
    );
  } catch (error) {
    if (error === leftBehind) {
      log.warning('a step of the shutdown hangs and is left behind', { step, ms: Math.round(withinMs) });
    } else log.warning('a step of the shutdown failed', { step, error });
  } finally {
    clearTimeout(timer);
  }
}
