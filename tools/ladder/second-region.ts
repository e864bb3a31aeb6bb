import type { Level, ModuleManifest } from '../../src/config/manifest.ts';
import { secondRegionCost } from '../bicep/monthly-cost.ts';
import { readPrices } from '../bicep/read-prices.ts';
import { snapshotOf, type Topology } from './price-of-level.ts';

/** What `observability.json` says of the shape of a deployment. */
export interface DeploymentChoice {
  deployment: { topology: Topology; secondRegion: string };
  modules: { add: readonly string[]; remove: readonly string[] };
}

/** A second region in a step between levels: all resources of the level once more. */
export interface SecondRegion {
  /** Empty: there is none, and the step does not count it. */
  name: string;
  /** The level that it is counted at, or would be: the one of the step that has the module; the upper of two. */
  level: Level;
  comes: boolean;
  goes: boolean;
  resources: number;
  /** A month at that level, with all replicas idle. */
  price: number;
  /** What it changes in the price of the step. */
  change: number;
  /** A month of the front that a public service has beside it. */
  front: number;
}

/** Undefined where neither level has the module, or where it was deleted. */
export function secondRegionOf(
  { deployment: { secondRegion: name }, modules }: DeploymentChoice,
  step: { root: string; manifests: readonly ModuleManifest[]; from: Level; to: Level; topology: Topology },
): SecondRegion | undefined {
  const { root, manifests, from, to, topology } = step;
  const module = manifests.find((manifest) => manifest.name === 'multi-region');
  const has = (level: Level): boolean =>
    module !== undefined &&
    !modules.remove.includes(module.name) &&
    (modules.add.includes(module.name) || (typeof module.level === 'number' && level >= module.level));
  const having = [from, to].filter(has).toSorted();
  const level = having.at(-1);
  if (level === undefined) return undefined;
  const file = readPrices();
  const priceAt = (at: Level) => (has(at) ? secondRegionCost(snapshotOf(root, at, topology), 'idle', file) : 0);
  return {
    ...{ name, level, comes: !has(from), goes: !has(to) },
    resources: snapshotOf(root, level, topology).predictedResources.length,
    price: priceAt(level),
    change: name === '' ? 0 : priceAt(to) - priceAt(from),
    front: file.prices.front.price,
  };
}

/** Names the group in which all of it lies. */
export const groupOf = ({ name }: SecondRegion): string => `rg-<environment>-${name}`;

/** On the way below the module an ordinary deployment leaves it behind. */
export const removalOfRegion = (region: SecondRegion | undefined): string[] =>
  region?.name && region.goes ? [`az group delete --name ${groupOf(region)}`] : [];
