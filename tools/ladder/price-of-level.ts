import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Level } from '../../src/config/manifest.ts';
import { monthlyCost, type Use } from '../bicep/monthly-cost.ts';
import { parseSnapshot, type Snapshot, together } from '../bicep/predictions.ts';
import { readPrices } from '../bicep/read-prices.ts';

export type Topology = 'single' | 'split';

/** The prediction of `infra/snapshots` for a level: both templates together. */
export function snapshotOf(root: string, level: Level, topology: Topology): Snapshot {
  const read = (name: string) =>
    parseSnapshot(readFileSync(join(root, 'infra', 'snapshots', `${name}.snapshot.json`), 'utf8'));
  const scenario = `level-${level}-${topology}`;
  return together(read(scenario), read(`${scenario}.app`));
}

/**
 * What a month at a level costs by the list prices and assumptions of `infra/prices.json`, in its currency: with all
 * replicas idle, and with all at work. `docs/guides/cost.md` shows it by part.
 */
export function priceOfLevel(root: string, level: Level, topology: Topology = 'single') {
  const snapshot = snapshotOf(root, level, topology);
  const file = readPrices();
  const total = (use: Use) => Object.values(monthlyCost(snapshot, use, file)).reduce((sum, part) => sum + part, 0);
  return { idle: total('idle'), active: total('active'), currency: file.currency };
}
