import type { Level } from '../../src/config/manifest.ts';
import { levels } from '../../src/observability/levels.ts';
import type { Answers } from './assessment.ts';
import { type Choice, flexible, questions, verdicts } from './questions.ts';

export interface Recommendation {
  level: Level;
  /** The answers that ask for this level; for level 1 all, because none asks for more. */
  reasons: readonly string[];
  /** Fine today, when to climb, and what keeps it possible. */
  sentences: readonly [today: string, next: string, flexible: string];
  /** What every higher level would add that no answer asks for. */
  overEngineering: readonly string[];
  /** What every lower level could not answer, with the answer that asks for it. */
  underEngineering: readonly string[];
}

const all = Object.keys(levels).map((level) => Number(level) as Level);

/** Applies the rules of `questions`: the highest level that an answer asks for. */
export function recommend(answers: Answers): Recommendation {
  const given = Object.entries(questions).map(([question, { choices }]) => {
    const choice: Choice = Object(choices)[answers[question as keyof typeof questions]];
    return choice;
  });
  const level = given.reduce<Level>((highest, { atLeast }) => (atLeast > highest ? atLeast : highest), 1);
  const asking = (from: Level) => given.filter(({ atLeast }) => atLeast >= from).map(({ says }) => says);
  return {
    level,
    reasons: asking(level),
    sentences: [verdicts[level].today, verdicts[level].next, flexible],
    overEngineering: all
      .filter((higher) => higher > level)
      .map(
        (higher) =>
          `${titleOf(higher)} would be over-engineering: it answers "${levels[higher].answers}", which none of your answers asks today.`,
      ),
    underEngineering: all
      .filter((lower) => lower < level)
      .map((lower) => `${titleOf(lower)} would be under-engineering. ${asking((lower + 1) as Level).join(' ')}`),
  };
}

export const titleOf = (level: Level): string => `Level ${level} (${levels[level].name})`;
