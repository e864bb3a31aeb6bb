import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { extraction } from '../../drills/catalogue/extraction.ts';
import { holds } from '../../drills/drill-report.ts';
import { fixtureCheckout } from '../../drills/fixture-checkout.fixture.ts';
import { runExtraction } from './run-extraction.ts';

const checkout = fixtureCheckout;
const { root } = checkout;
const hasTokens = existsSync(join(root, 'src/observability/modules/bearer-tokens'));

// Fourteen days of rows are laid and judged twice: twenty seconds alone, and more than a minute beside other work.
const patience = { timeout: 240_000 };

test.skipIf(!hasTokens)(
  'the rules fire at level 5, in the days of an attacker and in no others',
  patience,
  async () => {
    const report = await runExtraction({ drill: extraction, level: 5, checkout, requests: 500 });
    expect(report).toMatchObject({ missed: [], unexpected: [], broken: [] });
    expect(report.fired.map(({ rule }) => rule).toSorted()).toEqual(
      extraction.mustFire.map(({ rule }) => rule).toSorted(),
    );
    expect(holds(report)).toBe(true);
  },
);

test.skipIf(!hasTokens)('below level 5 nothing is written, so that nothing fires', patience, async () => {
  const report = await runExtraction({ drill: extraction, level: 4, checkout, requests: 50 });
  expect(report).toMatchObject({ fired: [], missed: [], unexpected: [], broken: [], firstToKnow: undefined });
  expect(report.seen[0]?.answer).toBe('');
});
