import { z } from 'zod';
import { wholeNumber } from '../../src/config/sections.ts';
import { evolution, questions } from './questions.ts';

const keysOf = <T extends object>(choices: T) => Object.keys(choices) as [keyof T & string, ...(keyof T & string)[]];

/** The answers, as a file for `--answers` holds them. */
export const answersSchema = z.strictObject({
  failure: z.enum(keysOf(questions.failure.choices)),
  impact: z.enum(keysOf(questions.impact.choices)),
  evolution: z.enum(keysOf(evolution.choices)),
  pain: z.enum(keysOf(questions.pain.choices)),
  budget: wholeNumber(0, 0, 'What a month may cost in all, in the currency of infra/prices.json; 0: not said.'),
  reason: z.string().default('').describe('Why the project keeps another level than the recommended one.'),
});

export type Answers = z.output<typeof answersSchema>;

/** What stands in `observability.json` under `assessment`. Dates are days, as ISO 8601. */
export const assessmentSchema = z.strictObject({
  on: z.iso.date(),
  reviewBy: z.iso.date(),
  answers: answersSchema,
});

export type Assessment = z.output<typeof assessmentSchema>;
