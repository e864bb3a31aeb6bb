import type { Level } from '../config/manifest.ts';

/** The rungs of the ladder: each switches on its own modules and all below. */
export const levels: Readonly<Record<Level, { name: string; answers: string }>> = {
  1: { name: 'baseline', answers: 'Is it up, how fast, what failed, and is the operator told?' },
  2: { name: 'recoverable', answers: 'What happened to this message, and is it lost?' },
  3: { name: 'explained', answers: 'What is the business doing, and what does knowing it cost?' },
  4: { name: 'alerting', answers: 'Who must wake up, and why?' },
  5: { name: 'governed', answers: 'Who did what, and would we survive the loss of a region?' },
};
