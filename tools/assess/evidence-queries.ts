import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Level } from '../../src/config/manifest.ts';
import type { Cost, Slo } from '../../src/config/sections.ts';
import { readPrices } from '../bicep/read-prices.ts';
import { readHeader } from '../bicep/rule-header.ts';

/** In the order in which they are told; each has a file in `evidence`. */
const names = ['dead-letters', 'failures', 'alerts', 'gaps', 'cost'];

/**
 * What `npm run assess -- --evidence` asks the tables: the queries of `evidence` with the numbers of `observability.json` and of
 * the price list in them. Each answers one row: whether it hurts, and a sentence.
 */
export function readEvidenceQueries(sections: { slo: Slo; cost: Cost }) {
  const { prices, ...list } = readPrices();
  const values = Object({ ...sections, prices: list, telemetry: { free: 0, ...prices.telemetry } });
  return names.map((name) => {
    const { fields, query } = readHeader(readFileSync(join(import.meta.dirname, 'evidence', `${name}.kql`), 'utf8'));
    const filled = query.replaceAll(/\{\{(\w+)\.(\w+)\}\}/g, (_, section, key) => values[section][key]);
    return { name, level: Number(fields.get('level')) as Level, notKnown: fields.get('not known'), query: filled };
  });
}
