import { cancel, intro, select, text } from '@clack/prompts';
import { type Answers, answersSchema } from '../../tools/assess/assessment.ts';
import { evolution, questions } from '../../tools/assess/questions.ts';
import { CommandRefused } from '../command-refused.ts';

/** Asks at a terminal. Throws `CommandRefused` when the person ends it. */
export async function interview(): Promise<Answers> {
  const { failure, impact, pain } = questions;
  intro('Four questions, and what a month may cost. Nothing is written before the last.');
  const answers: Record<string, unknown> = {};
  for (const [name, { asks, choices }] of Object.entries({ failure, impact, evolution, pain })) {
    const options = Object.entries(choices).map(([value, { says }]) => ({ value, label: says }));
    answers[name] = answered(await select({ message: asks, options }));
  }
  const budget = await text({
    message: 'What may it cost a month in all? (0: not said)',
    defaultValue: '0',
    placeholder: '0',
    validate: (value = '') => (/^\d*$/.test(value) ? undefined : 'A whole number, without a currency.'),
  });
  return answersSchema.parse({ ...answers, budget: Number(answered(budget)) });
}

/** Asks why another level than the recommended one is kept. */
export async function askReason(message: string): Promise<string> {
  return answered(await text({ message, defaultValue: '' }));
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (typeof answer !== 'symbol') return answer as Exclude<T, symbol>;
  // The person pressed Ctrl+C or Escape.
  cancel('Nothing was written.');
  throw new CommandRefused('The questions were not answered.');
}
