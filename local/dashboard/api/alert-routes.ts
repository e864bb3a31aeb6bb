import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AlertRuleState } from '../../alerts/index.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import { Refused } from './api-problem.ts';
import type { ApiRoutes } from './api-router.ts';
import type { AlertRuleFacts, AlertRuleRow, AlertRules } from './contract.ts';

/** The alert rules of the present level with what became of them, and what to do about each. */
export function alertRoutes({ root, alerts }: Pick<DashboardParts, 'root' | 'alerts'>): ApiRoutes {
  const find = (name: string): AlertRuleState => {
    const rule = alerts?.rules().find((each) => each.name === name);
    if (rule) return rule;
    throw new Refused(404, {
      title: `No rule ${name}`,
      detail: 'The present level has no rule of this name.',
      remedy: 'See the list of rules, or another level.',
    });
  };
  return {
    'GET alert-rules': () => ({ data: { rules: (alerts?.rules() ?? []).map(rowOf) } satisfies AlertRules }),
    'GET alert-rules/:name': async ({ params: { name = '' } }) => {
      const rule = find(name);
      const text = await readFile(join(root, rule.runbook), 'utf8').catch(() => undefined);
      const payload = alerts?.payload(name);
      const data: AlertRuleFacts = {
        ...rowOf(rule),
        ...{ module: rule.module, group: rule.group, firstAction: rule.firstAction, query: rule.query },
        history: rule.history,
        ...(payload && { payload }),
        runbook: { path: rule.runbook, ...(text !== undefined && { text }) },
      };
      return { data };
    },
  };
}

const rowOf = (rule: AlertRuleState): AlertRuleRow => ({
  ...{ name: rule.name, title: rule.title, severity: rule.severity, feels: rule.feels, drill: rule.drill },
  ...{ state: rule.state, why: rule.why, evaluatedAt: rule.evaluatedAt, alerts: rule.alerts, measured: rule.measured },
  ...{ window: rule.window, frequency: rule.frequency, criteria: rule.criteria, periods: rule.periods },
});
