import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Level } from '../src/config/manifest.ts';
import { monthlyCost, type Use } from '../tools/bicep/monthly-cost.ts';
import { parseSnapshot, together } from '../tools/bicep/predictions.ts';
import { readPrices } from '../tools/bicep/read-prices.ts';

/**
 * What a month at a level costs by the list prices and assumptions of `infra/prices.json`, in its currency: with all
 * replicas idle, and with all at work. Of the predictions in `infra/snapshots`, as `docs/guides/deploy.md` shows them.
 */
export function priceOfLevel(root: string, level: Level, topology: 'single' | 'split' = 'single') {
  const read = (name: string) =>
    parseSnapshot(readFileSync(join(root, 'infra', 'snapshots', `${name}.snapshot.json`), 'utf8'));
  const scenario = `level-${level}-${topology}`;
  const snapshot = together(read(scenario), read(`${scenario}.app`));
  const file = readPrices();
  const total = (use: Use) => Object.values(monthlyCost(snapshot, use, file)).reduce((sum, part) => sum + part, 0);
  return { idle: total('idle'), active: total('active'), currency: file.currency };
}
