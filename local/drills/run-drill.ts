import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registry } from '../../src/observability/registry.ts';
import { workspaceFunctions } from '../application-insights/index.ts';
import { tables } from '../application-insights/tables.ts';
import { openWorkspace } from '../application-insights/workspace/workspace.ts';
import { askSignals } from './ask-signals.ts';
import { type Captured, captureStretches } from './capture-stretches.ts';
import type { Drill, DrillScene } from './drill-definition.ts';
import { createDrillLoad } from './drill-load.ts';
import type { DrillReport } from './drill-report.ts';
import { startDrilledCallers } from './drilled-callers.ts';
import type { DrilledCheckout } from './drilled-checkout.ts';
import { startDrilledService } from './drilled-service.ts';
import { judgeRules } from './judge-rules.ts';
import { layMetrics } from './laid-metrics.ts';
import { layTables } from './laid-tables.ts';
import { latenciesOfStretches } from './latencies-of-stretches.ts';
import { describeLayout, type Layout, layStretches, usualLayout } from './layout.ts';
import { countFates, fatesOf } from './message-fates.ts';
import { type ArrivedRow, watchArrivals } from './row-arrivals.ts';
import { describeRun } from './verdict.ts';

export interface DrillRun {
  drill: Drill;
  level: number;
  checkout: DrilledCheckout;
  /** Seconds of the stretches instead of the drill's, for a test. */
  seconds?: Partial<Layout['seconds']>;
  /** Hears how many real seconds have passed. */
  told?: (seconds: number) => void;
}

const usualPerSecond = 4;
/** Settings that make a drill short. They change how long the service waits, and not what it does. */
const shortRetries = { firstDelaySeconds: 1, factor: 2, capSeconds: 4 };
const shortTimes = { HANDLER_TIMEOUT_MS: '8000', OTEL_METRIC_EXPORT_INTERVAL: '5000' };

/** Runs one drill at one level against the real service and judges the deployed rules on what was captured. */
export async function runDrill({ drill, level, checkout, seconds, told }: DrillRun): Promise<DrillReport> {
  if (drill.run) return drill.run({ drill, level, checkout });
  const startedAt = performance.now();
  const layout = usualLayout({ ...drill, seconds: { ...drill.seconds, ...seconds } });
  const preload = [...checkout.preload, ...(drill.preload ?? [])];
  const drilled = { ...checkout, preload, entities: withQueue(checkout, drill.queue ?? {}) };
  const callers = await startDrilledCallers(drill);
  const config = configurationOf(checkout.root, level, callers.modules, drill.config);
  const service = await startDrilledService(drilled, {
    ...{ config, env: { ...shortTimes, ...callers.env, ...drill.env } },
    ...(drill.twoRegions && { twoRegions: true }),
  }).catch(async (error: unknown) => {
    await callers.stop();
    throw error;
  });
  try {
    const arrivals = watchArrivals(service.insights);
    const load = createDrillLoad(service, drill.perSecond ?? usualPerSecond, callers.sign);
    const scene: DrillScene = { ...service, load, callers };
    const captured = await captureStretches(drill, scene, layout.seconds, told);
    await load.stop();
    const messages = countFates(fatesOf(scene, load.sent));
    await service.finish();
    const arrived = arrivals.stop();
    const latencies = latenciesOfStretches(service, load.sent, captured.stretches);
    const facts = { drill, scene, level, layout, captured, messages, latencies, load: load.sent };
    const judged = await judge({ drilled, config, facts, arrived, samples: service.metrics.samples });
    return {
      ...describeRun({ ...facts, ...judged }),
      tookSeconds: Math.round((performance.now() - startedAt) / 1_000),
    };
  } finally {
    await service.stop();
    await callers.stop();
  }
}

async function judge({
  drilled: { root, entities },
  config,
  facts: { drill, layout, captured },
  arrived,
  samples,
}: {
  drilled: DrilledCheckout;
  config: object;
  facts: { drill: Drill; layout: Layout; captured: Captured };
  arrived: readonly ArrivedRow[];
  samples: Parameters<typeof layMetrics>[0];
}) {
  const { stretches } = captured;
  const timeLine = layStretches(stretches, layout);
  const workspace = await openWorkspace(tables, { earlier: () => arrived.map(({ row }) => row) });
  try {
    const seen = await askSignals(drill, { tables: workspace, functions: workspaceFunctions() });
    const laid = await layTables(workspace, { stretches, timeLine, arrived, held: drill.holdsTelemetry ?? false });
    const metrics = layMetrics(samples, stretches, timeLine);
    const judgement = await judgeRules({ root, config, entities, workspace, laid, metrics, timeLine });
    laid.close();
    return { seen, judgement, timeLine, layoutText: describeLayout(layout) };
  } finally {
    await workspace.stop();
  }
}

/** Sections of modules that a team may have deleted. */
const ofModules = Object.fromEntries(
  Object.entries({ retry: shortRetries, heartbeat: { everySeconds: 4 }, securityEvents: { everySeconds: 2 } }).filter(
    ([key]) => registry.some(({ manifest }) => manifest.section?.key === key),
  ),
);

/** The file of the checkout at another level, with short retries, and a cap that no drill reaches by its load alone. */
function configurationOf(
  root: string,
  level: number,
  modules: readonly string[],
  more: Readonly<Record<string, object>> = {},
): object {
  const { $schema, ...file } = JSON.parse(
    readFileSync(join(root, 'observability.json'), 'utf8').replace(/^\uFEFF/, ''),
  );
  const own = { ...ofModules, cost: { dailyCapMb: 1_000_000 }, ...more };
  const sections = Object.entries(own).map(([section, keys]) => [section, { ...file[section], ...keys }]);
  const add = [...(file.modules?.add ?? []), ...modules];
  return { ...file, ...Object.fromEntries(sections), modules: { ...file.modules, add: [...new Set(add)] }, level };
}

function withQueue({ business, entities }: DrilledCheckout, changes: object): DrilledCheckout['entities'] {
  const queue = business.requests?.follow?.queue;
  if (queue === undefined) return entities;
  return { ...entities, queues: { ...entities.queues, [queue]: { ...entities.queues[queue], ...changes } } };
}
