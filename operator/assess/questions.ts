import type { Level } from '../../src/config/manifest.ts';

/** One answer: what a person reads, the lowest level that it asks for, and why. */
export interface Choice {
  says: string;
  atLeast: Level;
  because: string;
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
      harmless: {
        says: 'Nothing is lost for good: the sender notices and sends again.',
        atLeast: 1,
        because: 'what fails is sent again by its sender',
      },
      'work-lost': {
        says: 'A message that fails is work that must be found and done again.',
        atLeast: 2,
        because: 'a failed message must be found, explained and brought back',
      },
      unnoticed: {
        says: 'A message can take the wrong way without any error.',
        atLeast: 3,
        because: 'only the events of its life show a message that went wrong without an error',
      },
      'harm-grows': {
        says: 'The harm grows with every minute until a person acts.',
        atLeast: 4,
        because: 'a person must be woken, and at once',
      },
    },
  },
  impact: {
    asks: 'Who feels the impact?',
    choices: {
      internal: {
        says: 'Colleagues, who can wait or ask.',
        atLeast: 1,
        because: 'the people who feel it are colleagues',
      },
      customers: {
        says: 'Customers, who ask what became of their message.',
        atLeast: 2,
        because: 'customers ask what became of one message, and level 1 cannot tell',
      },
      revenue: {
        says: 'The business: while it stands still, money is lost.',
        atLeast: 4,
        because: 'money is lost until a person knows of it',
      },
      compliance: {
        says: 'Auditors and the law: financial or regulatory documents pass through it.',
        atLeast: 4,
        because: 'financial or regulatory documents need proof that each arrived, and an alert when one does not',
      },
    },
  },
  pain: {
    asks: 'Is complexity justified right now: what hurts today?',
    choices: {
      none: {
        says: 'Nothing: what we have answers our questions.',
        atLeast: 1,
        because: 'nothing hurts today',
      },
      searching: {
        says: 'We search logs for what became of single messages.',
        atLeast: 2,
        because: 'people search for single messages by hand',
      },
      guessing: {
        says: 'We cannot say what the business does, or why telemetry costs what it costs.',
        atLeast: 3,
        because: 'what the business does and what it costs to know is a guess',
      },
      'told-by-callers': {
        says: 'Callers tell us of failures before our alerts do.',
        atLeast: 4,
        because: 'callers notice failures first',
      },
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
    next: 'Add a SIEM and a second region only when the law or a customer asks for them.',
  },
};

export const flexible =
  'Keep the architecture flexible: the level is one key in observability.json, and the business code is the same at every level.';
