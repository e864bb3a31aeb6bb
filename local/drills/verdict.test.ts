import { expect, test } from 'vitest';
import { someMetricRule } from '../alerts/rules.fixture.ts';
import type { OutgoingRequest } from '../business/local-business.ts';
import type { Drill, DrillScene } from './drill-definition.ts';
import { holds } from './drill-report.ts';
import { fixtureCheckout } from './fixture-checkout.fixture.ts';
import { describeRun, type RunFacts } from './verdict.ts';

const faultAt = Date.UTC(2026, 10, 22, 12);
/** An alert of a rule, so many minutes from the beginning of the fault. */
function alertAt(rule: string, minutes: number): RunFacts['judgement']['notices'][number] {
  const at = new Date(faultAt + minutes * 60_000);
  const about = { id: 'id', monitorCondition: 'Fired', values: [], muted: false } as const;
  return {
    ...about,
    rule: { ...someMetricRule(), rule },
    at,
    firedAt: at,
    dimensions: [{ name: 'Queue', value: 'parcels' }],
  };
}

const drill: Drill = {
  name: 'some-drill',
  question: 'What happens?',
  begin: () => undefined,
  end: () => undefined,
  mustFire: [
    { rule: 'must', from: 1, why: 'it fails' },
    { rule: 'from-2', from: 2, why: 'it fails' },
    { rule: 'until-1', from: 1, to: 1, why: 'it fails' },
  ],
  mayFire: [
    { rule: 'may', from: 1, why: 'it may' },
    { rule: 'warns', from: 1, early: true, why: 'it warns' },
  ],
  signals: [],
};
const messages = { sent: 2, delivered: 2, waiting: 0, deadLettered: 0, lost: 0, refused: 0 };

const describe = (notices: RunFacts['judgement']['notices'], changes: Partial<RunFacts> = {}) =>
  describeRun({
    ...{ drill, level: 1, messages, load: [], seen: [], layoutText: [] },
    scene: { checkout: fixtureCheckout } as DrillScene, // no promise of this drill looks at it
    captured: { stretches: [], recoveredAfterSeconds: 0, readiness: new Set() },
    latencies: { answers: () => 0, arrivals: () => 0 },
    judgement: { notices, deployed: new Set(['must', 'from-2', 'until-1', 'may', 'warns', 'other']) },
    timeLine: { copies: [], judgedFrom: 0, faultAt, until: 0 },
    ...changes,
  });

test('a rule that must fire and does not is missed, by its level', () => {
  expect(describe([]).missed).toEqual(['must', 'until-1']);
  expect(describe([alertAt('must', 5)], { level: 2 }).missed).toEqual(['from-2']);
});

test('a rule whose module was deleted is not missed', () => {
  const judgement = { notices: [], deployed: new Set(['until-1']) };
  expect(describe([], { judgement }).missed).toEqual(['until-1']);
});

test('a rule on answers to callers is missed where there are callers, and not where messages are sent', () => {
  const answers: Drill = { ...drill, mustFire: [{ rule: 'failed-requests', from: 1, why: 'callers are refused' }] };
  const judgement = { notices: [], deployed: new Set(['failed-requests']) };
  const missed = (request: object) => {
    const requests = { drill: { usual: () => request as OutgoingRequest } };
    const checkout = { ...fixtureCheckout, business: { name: 'tested', requests } };
    const scene: Partial<DrillScene> = { checkout };
    return describe([], { drill: answers, judgement, scene: scene as DrillScene }).missed;
  };
  expect(missed({ path: '/parcels' })).toEqual(['failed-requests']);
  expect(missed({ target: 'parcels' })).toEqual([]);
});

test('a rule that fires is told once, with the time from the beginning of the fault and its reason', () => {
  const { fired, unexpected } = describe([alertAt('may', 10), alertAt('must', 5), alertAt('must', 6)]);
  expect(fired).toEqual([
    { rule: 'may', afterSeconds: 600, of: 'parcels', why: 'it may' },
    { rule: 'must', afterSeconds: 300, of: 'parcels', why: 'it fails' },
  ]);
  expect(unexpected).toEqual([]);
});

test('a rule that is in no list is unexpected, and so is one that fires before the fault unless it warns', () => {
  const { unexpected } = describe([
    alertAt('must', -5),
    alertAt('warns', -5),
    alertAt('other', 5),
    alertAt('from-2', 5),
  ]);
  expect(unexpected).toEqual(['must (before the fault)', 'other', 'from-2']);
});

test('a rule that fires at the moment at which the fault begins has seen its first row', () => {
  expect(describe([alertAt('must', 0)])).toMatchObject({ fired: [{ rule: 'must', afterSeconds: 0 }], unexpected: [] });
});

test('a lost message is broken, whatever the drill says', () => {
  const report = { ...describe([alertAt('must', 5), alertAt('until-1', 5)], { messages: { ...messages, lost: 1 } }) };
  expect(report.broken).toEqual(['1 accepted messages are lost']);
  expect(holds({ ...report, tookSeconds: 1 })).toBe(false);
});

test('the callers know first where they are refused, else the operators by the first rule, else nobody', () => {
  const stretches = [{ name: 'onset', from: 1_000, until: 2_000 } as const];
  const captured = { stretches, recoveredAfterSeconds: 0, readiness: new Set<number>() };
  const notices = [alertAt('may', 10), alertAt('must', 5)];
  const refused = [{ sentAt: 500 }, { sentAt: 1_200, status: 202 }, { sentAt: 4_000, status: 503 }];
  expect(describe(notices, { captured, load: refused }).firstToKnow).toEqual({
    who: 'the callers, by the answer',
    afterSeconds: 3,
  });
  expect(describe(notices, { captured }).firstToKnow).toEqual({ who: 'the operators, by must', afterSeconds: 300 });
  expect(describe([]).firstToKnow).toBeUndefined();
});
