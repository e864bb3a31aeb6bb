import { z } from 'zod';
import { downMode, flakyMode, okMode, readMode, retryAfterSeconds, slowMode } from '../loopback/mode.ts';
import { createSeededShare } from '../loopback/seeded-share.ts';

const modes = z.discriminatedUnion('mode', [
  okMode,
  downMode,
  slowMode,
  flakyMode,
  z.strictObject({ mode: z.literal('hang') }),
  z.strictObject({ mode: z.literal('reject') }),
  z.strictObject({ mode: z.literal('throttle'), retryAfterSeconds }),
]);

export type DestinationMode = z.output<typeof modes>;

/** What becomes of one delivery: taken (perhaps answered late), refused with a status, or never answered. */
export type Verdict =
  | { take: true; delayMs: number }
  | { take: false; status: number; headers?: Record<string, string>; error: string }
  | { take: false; status: undefined };

const refuse = (status: number, error: string, headers: Record<string, string> = {}): Verdict => ({
  take: false,
  status,
  headers,
  error,
});

/** Reads the mode and returns what decides each delivery in it. Throws for an unknown mode or option. */
export function createJudge(
  name: string,
  options: Readonly<Record<string, unknown>>,
): { mode: DestinationMode; judge(): Verdict } {
  const mode = readMode(modes, name, options);
  const take: Verdict = { take: true, delayMs: 0 };
  switch (mode.mode) {
    case 'ok':
      return { mode, judge: () => take };
    case 'down':
      return { mode, judge: () => refuse(503, 'down') };
    case 'slow':
      return { mode, judge: () => ({ take: true, delayMs: mode.ms }) };
    case 'flaky': {
      const fails = createSeededShare(mode);
      return { mode, judge: () => (fails() ? refuse(503, 'flaky') : take) };
    }
    case 'hang':
      return { mode, judge: () => ({ take: false, status: undefined }) };
    case 'reject':
      return { mode, judge: () => refuse(422, 'this content is never accepted') };
    case 'throttle': {
      const headers = { 'retry-after': String(mode.retryAfterSeconds) };
      return { mode, judge: () => refuse(429, 'too many deliveries', headers) };
    }
  }
}
