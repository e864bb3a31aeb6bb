import type { AlertNotice } from '../alerts/index.ts';
import type { Captured } from './capture-stretches.ts';
import { type Drill, type DrillScene, isExpectedAt } from './drill-definition.ts';
import type { DrilledRequest } from './drill-load.ts';
import type { DrilledMessages, DrillReport, FiredRule, SeenSignal } from './drill-report.ts';
import type { Judgement } from './judge-rules.ts';
import type { Latencies } from './latencies-of-stretches.ts';
import type { TimeLine } from './layout.ts';
import { canFire } from './needs-of-drills.ts';

export interface RunFacts {
  drill: Drill;
  scene: DrillScene;
  level: number;
  captured: Captured;
  messages: DrilledMessages;
  load: readonly DrilledRequest[];
  latencies: Latencies;
  seen: SeenSignal[];
  judgement: Judgement;
  timeLine: TimeLine;
  layoutText: string[];
}

/** Holds what happened in one run against what its drill says. */
export function describeRun(facts: RunFacts): Omit<DrillReport, 'tookSeconds'> {
  const { drill, scene, level, captured, messages, latencies, seen, judgement, timeLine, layoutText } = facts;
  const isExpected = isExpectedAt(level);
  // A level whose module was deleted has no rules to fire.
  const mayMiss = ({ rule }: { rule: string }) => !judgement.deployed.has(rule) || !canFire(rule, scene.checkout);
  const must = drill.mustFire.filter(isExpected).filter((rule) => !mayMiss(rule));
  const expected = [...must, ...(drill.mayFire ?? []).filter(isExpected)];
  const fires = judgement.notices.filter(({ monitorCondition }) => monitorCondition === 'Fired');
  const mayBeEarly = new Set(expected.filter(({ early: may }) => may).map(({ rule }) => rule));
  // The first row of the fault can be there at the moment at which it begins.
  const early = fires.filter(({ at, rule }) => at.getTime() < timeLine.faultAt && !mayBeEarly.has(rule.rule));
  const fired = firstOfEach(fires.filter((notice) => !early.includes(notice))).map(
    (notice): FiredRule => ({
      rule: notice.rule.rule,
      afterSeconds: Math.round((notice.at.getTime() - timeLine.faultAt) / 1_000),
      of: notice.dimensions.map(({ value }) => value).join(', '),
      why: expected.find(({ rule }) => rule === notice.rule.rule)?.why,
    }),
  );
  const { recoveredAfterSeconds, readiness } = captured;
  return {
    ...{ drill: drill.name, level, question: drill.question, messages, fired },
    missed: must.filter(({ rule }) => !fired.some((each) => each.rule === rule)).map(({ rule }) => rule),
    unexpected: [
      ...firstOfEach(early).map(({ rule }) => `${rule.rule} (before the fault)`),
      ...fired.filter(({ rule }) => !expected.some((each) => each.rule === rule)).map(({ rule }) => rule),
    ],
    broken: [
      ...(messages.lost > 0 ? [`${messages.lost} accepted messages are lost`] : []),
      ...(drill.broken?.({ level, messages, recoveredAfterSeconds, readiness, latencies }, scene) ?? []),
    ],
    firstToKnow: firstToKnow(facts, fired),
    seen: [...seen, ...(drill.tells?.(scene) ?? [])],
    recoveredAfterSeconds: recoveredAfterSeconds && Math.round(recoveredAfterSeconds * 10) / 10,
    layout: layoutText,
  };
}

/** The first notice of each rule. */
const firstOfEach = (notices: readonly AlertNotice[]): AlertNotice[] =>
  [...new Map(notices.toReversed().map((notice) => [notice.rule.rule, notice])).values()].toReversed();

/** A caller who is refused knows at once; else an operator, when the first rule fires. */
function firstToKnow({ captured, load }: RunFacts, fired: readonly FiredRule[]): DrillReport['firstToKnow'] {
  const onset = captured.stretches.find(({ name }) => name === 'onset');
  const refused = load.find(({ status, sentAt }) => (status ?? 503) >= 300 && sentAt >= (onset?.from ?? 0));
  const rule = fired.toSorted((a, b) => a.afterSeconds - b.afterSeconds)[0];
  if (refused && onset)
    return { who: 'the callers, by the answer', afterSeconds: Math.round((refused.sentAt - onset.from) / 1_000) };
  return rule && { who: `the operators, by ${rule.rule}`, afterSeconds: rule.afterSeconds };
}
