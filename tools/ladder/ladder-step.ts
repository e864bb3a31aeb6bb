import type { Level, ModuleManifest } from '../../src/config/manifest.ts';
import { levels } from '../../src/observability/levels.ts';
import { costOf, readPrices } from '../bicep/read-prices.ts';
import { linesByLevel } from '../generate/lines-of-code.ts';
import { addedResources, labelOf } from './added-resources.ts';
import { bytesOf, type LadderVolume, readLadderVolume } from './ladder-volume-text.ts';
import { type PlannedRule, plannedRules } from './planned-rules.ts';
import { priceOfLevel, snapshotOf, type Topology } from './price-of-level.ts';
import { removalCommands } from './removal-command.ts';
import { type DeploymentChoice, removalOfRegion, type SecondRegion, secondRegionOf } from './second-region.ts';

/** A step from one level to another. What it lists comes when the step goes up; on the way down it goes, or stays behind. */
export interface LadderStep {
  from: Level;
  to: Level;
  topology: Topology;
  modules: readonly string[];
  questions: readonly string[];
  /** `label`: as a person finds it in the portal. */
  resources: readonly { type: string; name: string; label: string }[];
  rules: readonly PlannedRule[];
  /** How each resource that an ordinary deployment leaves behind is removed; nothing on the way up. */
  removal: readonly string[];
  secondRegion: SecondRegion | undefined;
  /** Lines of code of `src`, more or fewer. */
  lines: number;
  cost: {
    currency: string;
    /** A month without telemetry, more or less, with all replicas idle, by list prices, in both regions where there are two. */
    resources: number;
    telemetry: { messages: number; measuredOn: string; before: MonthOfTelemetry; after: MonthOfTelemetry };
  };
}

export interface MonthOfTelemetry {
  /** Bytes for each message, by table. */
  tables: Readonly<Record<string, number>>;
  gb: number;
  /** Beyond the free amount. */
  price: number;
}

interface StepOptions {
  root: string;
  manifests: readonly ModuleManifest[];
  from: Level;
  to: Level;
  /** That of `file` when undefined. */
  topology: Topology | undefined;
  /** `observability.json`; its defaults unless it is given. */
  file?: DeploymentChoice;
  /** Messages a month; undefined when `billedBytes` says how many they are. */
  messages: number | undefined;
  /** Bytes of `App*` tables that a workspace counted in a month at the level `from`. */
  billedBytes?: number | undefined;
  /** The committed measurement unless another is given. */
  measured?: LadderVolume;
}

const defaults: DeploymentChoice = {
  deployment: { topology: 'single', secondRegion: '' },
  modules: { add: [], remove: [] },
};

/** Computes a step from the manifests, the sources, `infra/snapshots`, `infra/prices.json` and the measured volume. */
export function ladderStep(options: StepOptions): LadderStep {
  const { root, manifests, from, to, file = defaults, topology = file.deployment.topology, ...use } = options;
  const [lower, upper] = from < to ? [from, to] : [to, from];
  const between = (level: ModuleManifest['level']) => typeof level === 'number' && level > lower && level <= upper;
  const added = addedResources(snapshotOf(root, lower, topology), snapshotOf(root, upper, topology));
  const own = manifests.filter(({ level }) => between(level));
  const lines = [...linesByLevel(root, manifests)].reduce((sum, [level, n]) => (between(level) ? sum + n : sum), 0);
  const { currency } = readPrices();
  const price = (level: Level) => priceOfLevel(root, level, topology).idle;
  const secondRegion = secondRegionOf(file, { root, manifests, from, to, topology });
  const ofLevels = Object.entries(levels).filter(([level]) => between(Number(level) as Level));
  return {
    ...{ from, to, topology },
    modules: own.map(({ name }) => name),
    questions: [...ofLevels.map(([, { answers }]) => answers), ...own.map(({ answers }) => answers)],
    resources: added.map((resource) => ({ type: resource.type, name: resource.name, label: labelOf(resource) })),
    rules: plannedRules(added),
    removal: [...(from < to ? [] : removalCommands(added)), ...removalOfRegion(secondRegion)],
    secondRegion,
    lines: from < to ? lines : -lines,
    cost: {
      currency,
      resources: cents(price(to) - price(from) + (secondRegion?.change ?? 0)),
      telemetry: telemetryOf(from, to, use),
    },
  };
}

/**
 * Telemetry before and after. Only the level `from` is known: its messages, or the bytes that a workspace counted there,
 * which the measured bytes of a message turn into messages.
 */
function telemetryOf(
  from: Level,
  to: Level,
  {
    messages: given,
    billedBytes = 0,
    measured = readLadderVolume(),
  }: Pick<StepOptions, 'messages' | 'billedBytes' | 'measured'>,
) {
  const file = readPrices();
  const messages = given ?? Math.round(billedBytes / bytesOf(measured, from));
  const month = (level: Level): MonthOfTelemetry => {
    const gb = (bytesOf(measured, level) * messages) / 1e9;
    const tables = measured.levels[level] ?? {};
    return { tables, gb: Number(gb.toFixed(3)), price: cents(costOf(file, 'telemetry', gb)) };
  };
  return { messages, measuredOn: measured.measuredOn, before: month(from), after: month(to) };
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;
