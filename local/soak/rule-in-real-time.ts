import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type AlertNotice, createAlertEvaluator, deployedRules, fillConfiguration, openLogs } from '../alerts/index.ts';
import { workspaceFunctions } from '../application-insights/index.ts';
import { tables } from '../application-insights/tables.ts';
import { openWorkspace } from '../application-insights/workspace/workspace.ts';
import { createDrillLoad } from '../drills/drill-load.ts';
import { type DrilledCheckout, readDrilledCheckout } from '../drills/drilled-checkout.ts';
import { app } from '../drills/drilled-process.ts';
import { type DrilledService, startDrilledService } from '../drills/drilled-service.ts';
import { judgeRules } from '../drills/judge-rules.ts';
import { layTables } from '../drills/laid-tables.ts';
import { type Layout, layStretches, type Stretch } from '../drills/layout.ts';
import { type ArrivedRow, watchArrivals } from '../drills/row-arrivals.ts';

/** What a rule decided, with the minute from the beginning of the fault. */
export interface RuleDecision {
  minute: number;
  what: AlertNotice['monitorCondition'];
  of: string;
}

export interface RealRuleResult {
  scenario: 'rule';
  rule: string;
  /** Evaluated each real minute. */
  real: RuleDecision[];
  /** Evaluated on the time line that was laid of stretches of the same run. */
  laid: RuleDecision[];
  broken: string[];
}

const MINUTE_MS = 60_000;
const root = join(import.meta.dirname, '../..');
const rule = 'dependency-failing';
const config = { level: 4 };
const perSecond = 4;
// Afterwards for as long as the window holds failed calls, and then until the alert has resolved.
const [calmMinutes, afterMinutes] = [6, 28];
/** Below the half at which the breaker opens: the share of failed calls stays the same for as long as it lasts. */
const flaky = { share: 0.45 };

/** One rule with a window of a quarter of an hour, wholly in real time and laid: their decisions must be equal. */
export async function ruleInRealTime(seconds: number, told: (line: string) => void): Promise<RealRuleResult> {
  const checkout = await readDrilledCheckout(root);
  const service = await startDrilledService(checkout, { config });
  try {
    const arrivals = watchArrivals(service.insights);
    const load = createDrillLoad(service, perSecond);
    const faultAt = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS + calmMinutes * MINUTE_MS;
    const endsAt = faultAt + Math.round((seconds * 1_000) / MINUTE_MS) * MINUTE_MS;
    const until = endsAt + afterMinutes * MINUTE_MS;
    told(
      `calm for ${calmMinutes} minutes, then ${flaky.share * 100} % of the calls fail for ${(endsAt - faultAt) / MINUTE_MS} minutes`,
    );
    const loaded = load.offer(until);
    const judged = judgeInRealTime(service, checkout, { from: faultAt - 5 * MINUTE_MS, until });
    await wait(faultAt - Date.now());
    await service.destination.faults.mode('flaky', flaky);
    await wait(endsAt - Date.now());
    await service.destination.faults.mode('ok');
    const [real] = await Promise.all([judged, loaded]);
    await load.stop();
    await service.finish();
    const laid = await judgeLaid(checkout, arrivals.stop(), { faultAt, endsAt });
    const [inReal, inLaid] = [decisions(real, faultAt), decisions(laid.notices, laid.faultAt)];
    return { scenario: 'rule', rule, real: inReal, laid: inLaid, broken: compare(inReal, inLaid) };
  } finally {
    await service.stop();
  }
}

const ruleOf = ({ entities }: DrilledCheckout) =>
  deployedRules({
    ...{ root, entities, environment: 'local', apps: [app], roles: [app] },
    configuration: fillConfiguration(root, config),
  }).filter((each) => each.rule === rule);

async function judgeInRealTime(
  { insights }: DrilledService,
  checkout: DrilledCheckout,
  { from, until }: { from: number; until: number },
): Promise<AlertNotice[]> {
  const logs = openLogs({ tables: insights.workspace, functions: workspaceFunctions() });
  const evaluator = createAlertEvaluator({ ask: logs.ask, readMetric: () => [] });
  evaluator.deploy(ruleOf(checkout));
  const notices: AlertNotice[] = [];
  for (let at = from; at <= until; at += MINUTE_MS) {
    await wait(Math.max(0, at - Date.now()));
    notices.push(...(await evaluator.evaluate(new Date(at))));
  }
  logs.close();
  return notices;
}

async function judgeLaid(
  { entities }: DrilledCheckout,
  arrived: readonly ArrivedRow[],
  { faultAt, endsAt }: { faultAt: number; endsAt: number },
) {
  const tenFrom = (name: Stretch['name'], from: number): Stretch => ({ name, from, until: from + 10_000 });
  const stretches = [
    tenFrom('calm', faultAt - 20_000),
    tenFrom('onset', faultAt),
    // Of ten seconds the share of failed calls is too far from that of the minutes.
    { name: 'fault' as const, from: faultAt + MINUTE_MS, until: faultAt + 3 * MINUTE_MS },
    tenFrom('recovery', endsAt),
  ];
  const layout: Layout = {
    seconds: { calm: 10, onset: 10, fault: 120, recovery: 10 },
    pieces: [
      { stretch: 'calm', minutes: calmMinutes },
      { stretch: 'onset', minutes: 'once' },
      { stretch: 'fault', minutes: (endsAt - faultAt - 10_000) / MINUTE_MS },
      { stretch: 'recovery', minutes: 'once' },
      { stretch: 'calm', minutes: afterMinutes - 1 / 6 },
    ],
    judgedBefore: 5,
  };
  const timeLine = layStretches(stretches, layout);
  const workspace = await openWorkspace(tables, { earlier: () => arrived.map(({ row }) => row) });
  try {
    const laid = await layTables(workspace, { stretches, timeLine, arrived, held: false });
    const metrics = { record: () => undefined, read: () => [] };
    const { notices } = await judgeRules({ root, config, entities, workspace, laid, metrics, timeLine });
    laid.close();
    return { notices: notices.filter((each) => each.rule.rule === rule), faultAt: timeLine.faultAt };
  } finally {
    await workspace.stop();
  }
}

const decisions = (notices: readonly AlertNotice[], faultAt: number): RuleDecision[] =>
  notices.map(({ at, monitorCondition, dimensions }) => ({
    minute: Math.round((at.getTime() - faultAt) / MINUTE_MS),
    what: monitorCondition,
    of: dimensions.map(({ value }) => value).join(', '),
  }));

function compare(real: readonly RuleDecision[], laid: readonly RuleDecision[]): string[] {
  const said = (all: readonly RuleDecision[]) =>
    all.map(({ what, of, minute }) => `${what} for ${of || 'all'} at minute ${minute}`).join(', ') || 'nothing';
  return [
    ...(real.length === 0 ? ['the rule decided nothing in real time'] : []),
    ...(said(real) === said(laid) ? [] : [`in real time ${said(real)}; laid ${said(laid)}`]),
  ];
}
