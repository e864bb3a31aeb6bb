import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AlertNotice,
  deployedRules,
  type LiveAlerts,
  readDeployedConfiguration,
  startLiveAlerts,
  webhookUrl,
} from '../../alerts/index.ts';
import { workspaceFunctions } from '../../application-insights/index.ts';
import type { KqlTables } from '../../kql/index.ts';
import type { PlatformMetrics } from '../../platform-metrics/index.ts';
import { UsageError } from '../command.ts';
import { clockTime, type Paint } from '../for-eyes.ts';
import { queuesFile } from './queues-file.ts';
import { serviceNameOf } from './service-name.ts';

/** What `npm start` wants of alerts. */
export interface AlertWishes {
  /** The variables that the service gets, as far as they choose its level and its name. */
  environment(): NodeJS.ProcessEnv;
  tell(notice: AlertNotice): void;
  webhook: URL | undefined;
}

/** The alert rules of a checkout at its present level, as a deployment of it would have them, with one app: the service here. */
export const startCheckoutAlerts = ({
  root,
  tables,
  platformMetrics,
  wishes: { environment, tell, webhook },
  warn,
}: {
  root: string;
  tables: KqlTables;
  platformMetrics: Pick<PlatformMetrics, 'readMetric'>;
  wishes: AlertWishes;
  warn: (sentence: string) => void;
}): LiveAlerts =>
  startLiveAlerts({
    tables,
    functions: workspaceFunctions(),
    readMetric: platformMetrics.readMetric,
    rules: () => rulesOf(root, environment()),
    ...{ tell, warn, webhook },
  });

function rulesOf(root: string, env: NodeJS.ProcessEnv) {
  // A checkout that deploys no module has no rules.
  if (!existsSync(join(root, 'infra/observability/modules.json'))) return [];
  const service = serviceNameOf(env);
  return deployedRules({
    root,
    configuration: readDeployedConfiguration(root, env),
    entities: JSON.parse(readFileSync(join(root, queuesFile), 'utf8').replace(/^\uFEFF/, '')),
    environment: 'local',
    apps: [service],
    roles: [service],
  });
}

/** One line for a person: what fired, who feels it, what to do first, and where to read on. */
export function describeAlert(
  { rule, monitorCondition, at, dimensions, values, muted }: AlertNotice,
  paint: Paint,
): string {
  const series = dimensions.map(({ name, value }) => `${name} ${value}`);
  const numbers = values.flatMap((value) => (value === undefined ? [] : [String(Math.round(value * 100) / 100)]));
  const what = `${rule.title} (${[...series, ...numbers].join(', ') || rule.rule})`;
  const time = paint('dim', clockTime(at.toISOString()));
  if (monitorCondition === 'Resolved')
    return `${time} ${paint('green', 'alert')}   Resolved: ${what}  ${rule.runbook}\n`;
  const said = `Fired, severity ${rule.severity}${muted ? ', muted' : ''}: ${what}`;
  const next = `Who feels it: ${rule.feels}  First action: ${rule.firstAction}`;
  return `${time} ${paint('red', 'alert')}   ${said}  ${paint('dim', next)}  ${rule.runbook}\n`;
}

/** The value of `--alerts-webhook`. Throws `UsageError`. */
export function webhookValue(text: string | undefined): URL | undefined {
  try {
    return text === undefined ? undefined : webhookUrl(text);
  } catch (error) {
    throw new UsageError(`--alerts-webhook: ${(error as Error).message}`, { cause: error });
  }
}
