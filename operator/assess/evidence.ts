import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Level } from '../../src/config/manifest.ts';
import type { Cost, Slo } from '../../src/config/sections.ts';
import { levels } from '../../src/observability/levels.ts';
import { readHeader } from '../../tools/bicep/log-rule-file.ts';
import { readPrices } from '../../tools/bicep/read-prices.ts';
import type { QueryWorkspace } from '../query-workspace.ts';
import { titleOf } from './recommend.ts';

/** In the order in which they are told; each has a file in `evidence`. */
const names = ['dead-letters', 'failures', 'alerts', 'gaps', 'cost'];

/** The queries of `evidence` with the numbers of `observability.json` and of the price list in them. */
export function readEvidenceQueries(sections: { slo: Slo; cost: Cost }) {
  const { prices, ...list } = readPrices();
  const values = Object({ ...sections, prices: list, telemetry: { free: 0, ...prices.telemetry } });
  return names.map((name) => {
    const { fields, query } = readHeader(readFileSync(join(import.meta.dirname, 'evidence', `${name}.kql`), 'utf8'));
    const filled = query.replaceAll(/\{\{(\w+)\.(\w+)\}\}/g, (_, section, key) => values[section][key]);
    return { name, level: Number(fields.get('level')) as Level, notKnown: fields.get('not known'), query: filled };
  });
}

/** Asks what hurts today, and says which level has the answers. Throws `CommandRefused` as `ask` does. */
export async function collectEvidence(ask: QueryWorkspace, sections: { slo: Slo; cost: Cost }) {
  const found = readEvidenceQueries(sections).map(async ({ name, level, notKnown, query }) => {
    const [[pain, says] = []] = await ask(query, 'P7D');
    if (pain !== true) return { name, says: `${says}.`, notKnown };
    const question = `"${levels[level].answers}" is a question of ${titleOf(level)}.`;
    return { name, says: `${says}. ${question}`, notKnown, level };
  });
  const evidence = await Promise.all(found);
  return { asksFor: Math.max(...evidence.map(({ level = 1 }) => level)) as Level, evidence };
}
