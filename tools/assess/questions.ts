import type { Level } from '../../src/config/manifest.ts';

/** One answer: what a person says, and the lowest level that it asks for. */
export interface Choice {
  atLeast: Level;
  says: string;
}

interface Question {
  asks: string;
  choices: Readonly<Record<string, Choice>>;
}

/**
 * The questions and the rules: the recommended level is the highest that an answer asks for. `docs/assess.md` shows the
 * same table.
 */
export const questions = {
  failure: {
    asks: 'What happens when it fails?',
    choices: {
      harmless: { atLeast: 1, says: 'What fails is sent again by its sender.' },
      'work-lost': { atLeast: 2, says: 'What fails is work that must be found and done again.' },
      unnoticed: { atLeast: 3, says: 'A message can take the wrong way without any error.' },
      'harm-grows': { atLeast: 4, says: 'The harm grows with every minute until a person acts.' },
    },
  },
  impact: {
    asks: 'Who feels the impact?',
    choices: {
      internal: { atLeast: 1, says: 'Colleagues feel it, who can wait or ask.' },
      customers: { atLeast: 2, says: 'Customers feel it, who ask what became of their message.' },
      revenue: { atLeast: 4, says: 'The business feels it: while it stands still, money is lost.' },
      compliance: { atLeast: 4, says: 'Auditors feel it: financial or regulatory documents pass through.' },
      regulated: { atLeast: 5, says: 'The law or a contract demands to know who did what, or to survive a region.' },
    },
  },
  pain: {
    asks: 'Is complexity justified right now: what hurts today?',
    choices: {
      none: { atLeast: 1, says: 'Nothing hurts today.' },
      searching: { atLeast: 2, says: 'We search logs for what became of single messages.' },
      guessing: { atLeast: 3, says: 'We cannot say what the business does, or what telemetry costs and why.' },
      'told-by-callers': { atLeast: 4, says: 'Callers tell us of failures before our alerts do.' },
    },
  },
} as const satisfies Readonly<Record<string, Question>>;

/** How soon the answers may be wrong: it decides when to ask again, not the level. */
export const evolution = {
  asks: 'Can we evolve this without rebuilding it: what will change?',
  choices: {
    stable: { says: 'Little: the same messages and routes for a year.', reviewAfterMonths: 12 },
    growing: { says: 'More messages, routes or teams.', reviewAfterMonths: 6 },
    'critical-soon': { says: 'Routing becomes business-critical within a year.', reviewAfterMonths: 3 },
  },
} as const;

/** What is said about each level when it is the right one, and what makes the next one right. */
export const verdicts: Readonly<Record<Level, { today: string; next: string }>> = {
  1: {
    today: 'Default Application Insights is fine today.',
    next: 'Add lifecycle logging when routing becomes business-critical: correlation and retries (level 2), then events (level 3).',
  },
  2: {
    today: 'Every message can be found, explained and brought back: that is what your answers ask for today.',
    next: 'Climb to level 3 when you must say what the business is doing, or what telemetry costs.',
  },
  3: {
    today:
      'The life of every message is told in events, and its cost is known: that is what your answers ask for today.',
    next: 'Climb to level 4 when a person must be woken.',
  },
  4: {
    today: 'A person must be woken by what matters, and by nothing else: that is what your answers ask for today.',
    next: 'Add a SIEM and a second region (level 5) only when the law or a customer asks for them.',
  },
  5: {
    today: 'It must be provable who did what, and the loss of a region must be survived.',
    next: 'There is no higher level: ask again whether the law or a customer still demands this one.',
  },
};

export const flexible =
  'Keep the architecture flexible: the level is one key in observability.json, and the business code is the same at every level.';
