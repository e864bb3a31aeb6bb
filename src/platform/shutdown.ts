import { withDeadline } from './deadline.ts';
import type { Logger } from './log.ts';

export interface Step {
  name: string;
  /** Must end when `deadline` aborts. Shortly after that the shutdown goes on without it. */
  stop(deadline: AbortSignal): Promise<void> | void;
  /** Milliseconds that are kept for this step, however long the steps before it take. */
  reserveMs: number;
}

/** Milliseconds between the deadline of a step and the moment when the shutdown goes on without it. */
const lagMs = 1_000;

/**
 * Removes the steps from the end of `steps` and runs them one after the other, within `graceMs` milliseconds in all. A
 * step that hangs or fails is named in a warning and does not stop the rest. Steps that are added meanwhile run too.
 */
export async function runSteps(steps: Step[], { graceMs, log }: { graceMs: number; log: Logger }): Promise<void> {
  const endsAt = performance.now() + graceMs;
  const reserved = () => steps.reduce((sum, { reserveMs }) => sum + reserveMs, 0);
  // In a short grace period the reserves take at most half of it, so that steps that wait for running work get the
  // rest.
  const scale = Math.min(1, graceMs / 2 / (reserved() || 1));
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    await runStep(step, Math.max(0, endsAt - scale * reserved() - performance.now()), log);
  }
}

async function runStep({ name: step, stop }: Step, withinMs: number, log: Logger): Promise<void> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), withinMs - Math.min(lagMs, withinMs / 4));
  const leftBehind = new Error('left behind');
  const run = async () => stop(deadline.signal);
  await withDeadline(withinMs, run, () => leftBehind).catch((error: unknown) => {
    if (error !== leftBehind) log.warning('a step of the shutdown failed', { step, error });
    else log.warning('a step of the shutdown hangs and is left behind', { step, ms: Math.round(withinMs) });
  });
  clearTimeout(timer);
}
