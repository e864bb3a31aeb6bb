import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixtureBusiness } from '../test/fixture-business.ts';
import { dependencyDown } from './catalogue/dependency-down.ts';
import { fixtureCheckout } from './fixture-checkout.fixture.ts';
import { runDrill } from './run-drill.ts';

const checkout = fixtureCheckout;

/** The module of the rule can be deleted. */
const hasRules = existsSync(join(checkout.root, 'infra/observability/basic-alerts'));

test('at level 1 a refused dependency dead-letters messages, which one rule tells within minutes', async () => {
  const seconds = { calm: 2, onset: 2, fault: 2, recovery: 2 };
  let passed = 0;
  const report = await runDrill({
    ...{ drill: dependencyDown, level: 1, checkout, seconds },
    told: (more) => {
      passed += more;
    },
  });
  const { sent, delivered, deadLettered, waiting, lost, refused } = report.messages;
  expect(delivered).toBeGreaterThan(0);
  expect(deadLettered).toBeGreaterThan(0);
  expect({ waiting, lost, refused, ended: delivered + deadLettered }).toEqual({
    ...{ waiting: 0, lost: 0, refused: 0 },
    ended: sent,
  });
  const told = { rule: 'dead-letters', afterSeconds: 300, of: fixtureBusiness.queue };
  expect(report.fired).toMatchObject(hasRules ? [told] : []);
  expect(report).toMatchObject({ missed: [], unexpected: [], broken: [] });
  const first = { who: 'the operators, by dead-letters', afterSeconds: 300 };
  expect(report.firstToKnow).toEqual(hasRules ? first : undefined);
  expect(report.seen[0]?.answer).toMatch(/^[1-9]\d* failed calls of /);
  expect(passed).toBe(8);
});
