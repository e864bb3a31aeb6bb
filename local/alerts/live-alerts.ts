import type { KqlFunctions, KqlTables } from '../kql/index.ts';
import { type AlertRuleState, createAlertEvaluator } from './alert-evaluator.ts';
import { createAlertWebhook } from './alert-webhook.ts';
import { commonAlertSchema } from './common-alert-schema.ts';
import type { ReadMetric } from './conditions/metric-condition.ts';
import type { DeployedRule } from './deployed/rule-resources.ts';
import type { AlertNotice } from './evaluated-rule.ts';
import { openLogs } from './logs-at.ts';
import { everyWholeMinute } from './whole-minutes.ts';

export interface LiveAlerts {
  /** The rules of the present level with state and history. */
  rules(): AlertRuleState[];
  /** What an action group would have sent last of a rule, by the name of its resource. */
  payload(name: string): object | undefined;
  stop(): Promise<void>;
}

export interface LiveAlertsOptions {
  tables: KqlTables;
  functions?: KqlFunctions;
  readMetric: ReadMetric;
  /** Read anew each minute. What it throws is told, and the rules before it stay. */
  rules(): readonly DeployedRule[];
  /** Hears of each alert that fires or is resolved. */
  tell(notice: AlertNotice): void;
  /** Hears what a person must know, each sentence once. */
  warn(sentence: string): void;
  /** Gets what an action group sends. */
  webhook?: URL | undefined;
  /** The clock. */
  everyMinute?: typeof everyWholeMinute;
}

/** Sentinel keeps its incidents: no action group sends them. */
const isSentByGroup = ({ rule }: AlertNotice): boolean => rule.kind !== 'alertRules';

/** Evaluates alert rules each minute, those that are due, by the clock on the wall unless another is given. */
export function startLiveAlerts({
  tables,
  functions = {},
  readMetric,
  rules,
  tell,
  warn,
  webhook,
  everyMinute = everyWholeMinute,
}: LiveAlertsOptions): LiveAlerts {
  const logs = openLogs({ tables, functions });
  const evaluator = createAlertEvaluator({ ask: logs.ask, readMetric });
  const send = webhook && createAlertWebhook(webhook, warn);
  const said = new Set<string>();
  const warnOnce = (sentence: string) => {
    if (!said.has(sentence)) warn(sentence);
    said.add(sentence);
  };

  const deploy = () => {
    try {
      evaluator.deploy(rules());
    } catch (error) {
      warnOnce(`The alert rules stay as they were: ${(error as Error).message}`);
    }
  };
  deploy();

  const end = everyMinute(async (minute) => {
    deploy();
    for (const notice of await evaluator.evaluate(minute)) {
      tell(notice);
      if (isSentByGroup(notice)) await send?.(notice);
    }
    for (const { name, state, why } of evaluator.rules())
      if (state === 'failing') warnOnce(`The alert rule ${name} cannot be evaluated: ${why}`);
  });
  return {
    rules: evaluator.rules,
    payload(name) {
      const notice = evaluator.newest(name);
      return notice && isSentByGroup(notice) ? commonAlertSchema(notice) : undefined;
    },
    async stop() {
      await end();
      logs.close();
    },
  };
}
