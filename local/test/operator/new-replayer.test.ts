import { expect, test } from 'vitest';
import { newReplayer } from '../../drills/catalogue/new-replayer.ts';
import { fixtureCheckout } from '../../drills/fixture-checkout.fixture.ts';
import { runDrill } from '../../drills/run-drill.ts';

test('the drill runs the command of the operators, and at level 5 one rule names who replayed', async () => {
  const report = await runDrill({ drill: newReplayer, level: 5, checkout: fixtureCheckout });
  expect(report).toMatchObject({ missed: [], unexpected: [], broken: [] });
  expect(report.fired).toContainEqual(
    expect.objectContaining({ rule: 'replay-by-new-principal', of: 'local', afterSeconds: 1_800 }),
  );
  expect(report.seen.map(({ answer }) => answer)).toEqual(
    expect.arrayContaining(['5 messages by on-call', '5 messages by local', '5 messages replayed']),
  );
}, 240_000);
