import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { DrilledLevel } from './contract.ts';

const file = 'docs/failures.json';
const count = z.int().min(0);
const asked = z
  .object({ question: z.string(), query: z.string(), answer: z.string() })
  .transform((signal) => ({ ...signal, answered: signal.answer !== '' }));

/** One object that the command prints, or that it has recorded. */
export const drilledLevel: z.ZodType<DrilledLevel> = z.object({
  drill: z.string(),
  level: z.int(),
  question: z.string(),
  messages: z.object({
    ...{ sent: count, delivered: count, waiting: count, deadLettered: count, lost: count },
    refused: count.default(0),
  }),
  fired: z.array(
    z.object({ rule: z.string(), afterSeconds: z.number(), of: z.string().optional(), why: z.string().optional() }),
  ),
  firstToKnow: z.object({ who: z.string(), afterSeconds: z.number() }).optional(),
  recoveredAfterSeconds: z.number().optional(),
  missed: z.array(z.string()).optional(),
  unexpected: z.array(z.string()).optional(),
  broken: z.array(z.string()).optional(),
  seen: z.array(z.union([asked, z.object({ question: z.string(), answered: z.boolean() })])).optional(),
});
const recorded = z.object({ recordedOn: z.string(), failures: z.array(drilledLevel) });

/** What was recorded for the pages; nothing where no drill was. Throws when the file is none that the command wrote. */
export function recordedDrills(root: string): { recordedOn?: string; failures: DrilledLevel[] } {
  let text: string;
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch {
    return { failures: [] };
  }
  const read = recorded.safeParse(JSON.parse(text));
  if (read.success) return read.data;
  throw new Error(`${file} is not what "npm run drill -- all --record" writes: ${z.prettifyError(read.error)}`);
}
