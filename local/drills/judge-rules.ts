import {
  type AlertNotice,
  createAlertEvaluator,
  type DeployedEntities,
  deployedRules,
  fillConfiguration,
  openLogs,
} from '../alerts/index.ts';
import { type Workspace, workspaceFunctions } from '../application-insights/index.ts';
import type { MetricStore } from '../platform-metrics/metric-store.ts';
import { app } from './drilled-process.ts';
import type { layTables } from './laid-tables.ts';
import type { TimeLine } from './layout.ts';

const MINUTE_MS = 60_000;

/** What the rules of one level said of a time line. */
export interface Judgement {
  /** Every alert that fired and was resolved, in order. */
  notices: readonly AlertNotice[];
  /** The rules of the level, by the names of their files. */
  deployed: ReadonlySet<string>;
}

/** Evaluates the deployed rules minute by minute on a laid time line, with its own clock. */
export async function judgeRules({
  root,
  config,
  entities,
  workspace,
  laid,
  metrics,
  timeLine: { judgedFrom, until },
}: {
  root: string;
  config: object;
  entities: DeployedEntities;
  workspace: Workspace;
  laid: Awaited<ReturnType<typeof layTables>>;
  metrics: MetricStore;
  timeLine: TimeLine;
}): Promise<Judgement> {
  const logs = openLogs({ tables: workspace, functions: workspaceFunctions() });
  const evaluator = createAlertEvaluator({
    async ask(query, minutes, at) {
      await laid.setMoment(new Date(at.getTime() - minutes * MINUTE_MS), at);
      return logs.ask(query, minutes, at);
    },
    readMetric: metrics.read,
  });
  evaluator.deploy(
    deployedRules({
      ...{ root, entities, environment: 'local', apps: [app], roles: [app] },
      configuration: fillConfiguration(root, config),
    }),
  );
  const notices: AlertNotice[] = [];
  try {
    for (let at = judgedFrom; at <= until; at += MINUTE_MS) notices.push(...(await evaluator.evaluate(new Date(at))));
    const failing = evaluator.rules().filter(({ state }) => state === 'failing');
    if (failing[0]) throw new Error(`The rule ${failing[0].name} cannot be evaluated: ${failing[0].why}`);
    return { notices, deployed: new Set(evaluator.rules().map(({ rule }) => rule)) };
  } finally {
    logs.close();
  }
}
