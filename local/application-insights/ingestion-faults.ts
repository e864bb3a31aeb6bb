import { z } from 'zod';
import { downMode, flakyMode, okMode, readMode, retryAfterSeconds, slowMode } from '../loopback/mode.ts';
import { createSeededShare } from '../loopback/seeded-share.ts';

const plain = <Name extends string>(mode: Name) => z.strictObject({ mode: z.literal(mode) });

const modes = z.discriminatedUnion('mode', [
  okMode,
  downMode,
  slowMode,
  flakyMode,
  z.strictObject({
    mode: z.literal('206'),
    share: z.number().min(0).max(1).default(0.5),
    seed: z.int().default(1),
    statusCodes: z.array(z.int().min(400).max(599)).min(1).default([429, 500]),
  }),
  z.strictObject({ mode: z.literal('429'), retryAfterSeconds }),
  plain('402'),
  plain('439'),
  plain('500'),
  plain('503'),
]);

export type IngestionMode = z.output<typeof modes>;

/** Why Azure gives these answers, in its terms. */
const REASONS: Readonly<Record<number, string>> = {
  402: 'Quota exceeded',
  429: 'Too many requests',
  439: 'Too many requests over an extended time',
  500: 'Internal server error',
  503: 'Service unavailable',
};

export const reasonOf = (status: number): string => REASONS[status] ?? 'Refused';

/** What a mode does with a request: to all of it, or to one item after the other. */
export interface Verdict {
  delayMs: number;
  /** Refuses the whole request. */
  status?: number;
  headers: Record<string, string>;
  /** Asked once for each item: the status that refuses it, or undefined. */
  refuseItem(): number | undefined;
}

const KEEP: Verdict = { delayMs: 0, headers: {}, refuseItem: () => undefined };

/** Reads the mode and returns what decides each request in it. Throws for an unknown mode or option. */
export function createJudge(
  name: string,
  options: Readonly<Record<string, unknown>>,
): { mode: IngestionMode; judge(): Verdict } {
  const mode = readMode(modes, name, options);
  switch (mode.mode) {
    case 'ok':
    case 'down':
      return { mode, judge: () => KEEP };
    case 'slow':
      return { mode, judge: () => ({ ...KEEP, delayMs: mode.ms }) };
    case 'flaky': {
      const fails = createSeededShare(mode);
      return { mode, judge: () => (fails() ? { ...KEEP, status: 500 } : KEEP) };
    }
    case '206': {
      const refused = createSeededShare(mode);
      let turn = 0;
      const refuseItem = () => (refused() ? mode.statusCodes[turn++ % mode.statusCodes.length] : undefined);
      return { mode, judge: () => ({ ...KEEP, refuseItem }) };
    }
    case '429':
      return {
        mode,
        judge: () => ({ ...KEEP, status: 429, headers: { 'retry-after': String(mode.retryAfterSeconds) } }),
      };
    default:
      return { mode, judge: () => ({ ...KEEP, status: Number(mode.mode) }) };
  }
}
