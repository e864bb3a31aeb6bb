import {
  type AlertNotice,
  createAlertEvaluator,
  deployedRules,
  fillConfiguration,
  openLogs,
} from '../../alerts/index.ts';
import type { DrilledCheckout } from '../../drills/drilled-checkout.ts';
import { app } from '../../drills/drilled-process.ts';
import { type SecurityTable, tableName } from '../rows/security-table.ts';
import { beginsAt, days } from '../world/account.ts';

const dayMs = 86_400_000;
/** Sentinel's: the check of a day sees the whole day. */
const delayMs = 5 * 60_000;

export interface JudgedDays {
  readonly notices: readonly AlertNotice[];
  readonly deployed: ReadonlySet<string>;
}

/** Evaluates the deployed analytics rules that read the table, at the end of each day and on what was there then. */
export async function judgeDays(
  { root, entities }: DrilledCheckout,
  config: object,
  table: SecurityTable,
): Promise<JudgedDays> {
  const logs = openLogs({ tables: table.tables });
  const evaluator = createAlertEvaluator({
    async ask(query, minutes, at) {
      await table.showUntil(at);
      return logs.ask(query, minutes, at);
    },
    readMetric: () => [],
  });
  const configuration = fillConfiguration(root, config);
  const rules = deployedRules({ root, entities, environment: 'local', apps: [app], roles: [app], configuration });
  evaluator.deploy(rules.filter(({ kind, properties }) => kind === 'alertRules' && readsTableAlone(properties)));
  try {
    const notices: AlertNotice[] = [];
    for (let day = 1; day <= days; day++)
      notices.push(...(await evaluator.evaluate(new Date(beginsAt + day * dayMs + delayMs))));
    const failing = evaluator.rules().find(({ state }) => state === 'failing' || state === 'refused');
    if (failing) throw new Error(`The rule ${failing.name} cannot be evaluated: ${failing.why}`);
    return { notices, deployed: new Set(evaluator.rules().map(({ rule }) => rule)) };
  } finally {
    logs.close();
    await table.showUntil(undefined);
  }
}

const readsTableAlone = (properties: unknown): boolean => {
  const { query = '' } = properties as { query?: string };
  return query.includes(tableName) && !query.includes('AzureActivity');
};
