import type { Level } from '../../src/config/manifest.ts';
import { levels } from '../../src/observability/levels.ts';
import { readEvidenceQueries } from '../../tools/assess/evidence-queries.ts';
import { titleOf } from '../../tools/assess/recommend.ts';
import type { QueryWorkspace } from '../query-workspace.ts';

/** Asks what hurts today, and says which level has the answers. Throws `CommandRefused` as `ask` does. */
export async function collectEvidence(ask: QueryWorkspace, sections: Parameters<typeof readEvidenceQueries>[0]) {
  const found = readEvidenceQueries(sections).map(async ({ name, level, notKnown, query }) => {
    const [[pain, says] = []] = await ask(query, 'P7D');
    if (pain !== true) return { name, says: `${says}.`, notKnown };
    const question = `"${levels[level].answers}" is a question of ${titleOf(level)}.`;
    return { name, says: `${says}. ${question}`, notKnown, level };
  });
  const evidence = await Promise.all(found);
  return { asksFor: Math.max(...evidence.map(({ level = 1 }) => level)) as Level, evidence };
}
