import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import type { Level } from '../../src/config/manifest.ts';
import type { Assessment } from '../../tools/assess/assessment.ts';
import { evolution, questions } from '../../tools/assess/questions.ts';
import { type Recommendation, titleOf } from '../../tools/assess/recommend.ts';

const format = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } };

interface Chosen {
  assessment: Assessment;
  recommendation: Recommendation;
  /** The level of the file from now on. */
  level: Level;
}

/** Puts the answers and the level into `observability.json`; every other key keeps its value. */
export async function writeIntoFile(root: string, { assessment, level }: Chosen): Promise<string> {
  const path = join(root, 'observability.json');
  let text = await readFile(path, 'utf8');
  for (const [key, value] of Object.entries({ level, assessment }))
    text = applyEdits(text, modify(text, [key], value, format));
  await writeFile(path, text);
  return 'observability.json';
}

/** Writes the decision record of the day, in the place of an earlier one of the same day. Returns its path. */
export async function writeDecision(root: string, chosen: Chosen): Promise<string> {
  const path = join('docs', 'decisions', `level-of-observability-${chosen.assessment.on}.md`);
  await mkdir(join(root, 'docs', 'decisions'), { recursive: true });
  await writeFile(join(root, path), decisionText(chosen));
  return path.replaceAll('\\', '/');
}

/** The decision record, in the form of the others. */
export function decisionText({ assessment, recommendation, level }: Chosen): string {
  const { answers, on, reviewBy } = assessment;
  const asked = Object.entries({ ...questions, evolution }).map(([key, { asks, choices }]) => {
    const { says } = Object(choices)[answers[key as keyof typeof questions]] as { says: string };
    return `* ${asks} ${says}`;
  });
  const differs =
    level === recommendation.level
      ? []
      : [`* The project is at ${titleOf(level)}. ${answers.reason || 'No reason was given.'}`];
  return `# Level of observability, ${on}

Status: accepted. Review by ${reviewBy}. Written by \`npm run assess\`.

## Context

${asked.join('\n')}
* A month may cost ${answers.budget > 0 ? answers.budget : 'an amount that was not said'}.

## Decision

* ${titleOf(recommendation.level)} is recommended. ${recommendation.reasons.join(' ')}
${differs.map((line) => `${line}\n`).join('')}
## Consequences

${[...recommendation.sentences, ...recommendation.underEngineering, ...recommendation.overEngineering].map((sentence) => `* ${sentence}`).join('\n')}
`;
}
