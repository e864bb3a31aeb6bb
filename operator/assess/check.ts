import type { Level } from '../../src/config/manifest.ts';
import type { Assessment } from '../../tools/assess/assessment.ts';
import { recommend, titleOf } from '../../tools/assess/recommend.ts';

export interface Verdict {
  level: Level;
  /** Absent without answers. */
  recommended?: Level;
  verdict: 'fits' | 'under-engineered' | 'over-engineered' | 'not assessed';
  /** Sentences. Those of a level that is too low make the pipeline fail, the others do not. */
  findings: readonly string[];
}

/** Compares the level with the answers. `today` is a day as ISO 8601. */
export function check(level: Level, assessment: Assessment | undefined, today: string): Verdict {
  if (!assessment) {
    const sentence = `${titleOf(level)} was never assessed: run "npm run assess", so that the reasons for it are written down.`;
    return { level, verdict: 'not assessed', findings: [sentence] };
  }
  const { answers, reviewBy } = assessment;
  const { level: recommended, reasons } = recommend(answers);
  const old = reviewBy < today ? [`The answers were to be reviewed by ${reviewBy}: run "npm run assess" again.`] : [];
  const asked = `the answers ask for ${titleOf(recommended)}. ${reasons.join(' ')}`;
  if (level < recommended) {
    const sentence = `${titleOf(level)} is under-engineered: ${asked} Set the level, or answer anew: npm run assess.`;
    return { level, recommended, verdict: 'under-engineered', findings: [sentence, ...old] };
  }
  if (level === recommended) return { level, recommended, verdict: 'fits', findings: old };
  const sentence = `${titleOf(level)} is over-engineered without a written reason: ${asked} Go down, or write why into assessment.answers.reason.`;
  return { level, recommended, verdict: 'over-engineered', findings: [...(answers.reason ? [] : [sentence]), ...old] };
}
