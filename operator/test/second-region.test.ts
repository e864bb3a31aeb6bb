import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { registry } from '../../src/observability/registry.ts';
import { ladderStep } from '../../tools/ladder/ladder-step.ts';
import type { DeploymentChoice } from '../../tools/ladder/second-region.ts';
import { stepText } from '../../tools/ladder/step-text.ts';
import { readPlanArguments } from '../plan/plan-arguments.ts';

const root = resolve(import.meta.dirname, '../..');
const manifests = registry.map(({ manifest }) => manifest);
const inRegion = (secondRegion: string, more = {}) => ({
  deployment: { topology: 'split' as const, secondRegion },
  modules: { add: [], remove: [], ...more },
});
const step = (file: DeploymentChoice, ...argv: string[]) =>
  ladderStep({ root, manifests, file, ...readPlanArguments(argv) });

test('a second region that is named in the file is in the price: all that the level has once more, at the price of the guide', () => {
  const [one, two] = [step(inRegion(''), '4', '5'), step(inRegion('westus3'), '4', '5')];
  const guide = readFileSync(join(root, 'docs/guides/cost.md'), 'utf8');
  const [, price] = /A second region.* adds .*?([\d.]+) \(`split`, idle\)/.exec(guide) ?? [];
  expect(two.cost.resources - one.cost.resources).toBeCloseTo(Number(price));
  const [own, app] = ['', '.app'].map((half) =>
    JSON.parse(readFileSync(join(root, `infra/snapshots/level-5-split${half}.snapshot.json`), 'utf8')),
  );
  const all = own.predictedResources.length + app.predictedResources.length;
  expect(stepText(two, 'text')).toContain(
    `westus3, in the group rg-<environment>-westus3: all ${all} resources of level 5 once more, +${price} USD a month, counted above`,
  );
  expect(stepText(one, 'text')).toContain(
    `not in these figures, because deployment.secondRegion is empty: all ${all} resources of level 5 once more, +${price} USD`,
  );
});

test('a second region is given up on the way below its level, with the command that removes what stays', () => {
  const down = step(inRegion('westus3'), '5', '4');
  expect(down.cost.resources).toBeCloseTo(-step(inRegion('westus3'), '4', '5').cost.resources);
  expect(down.removal).toContain('az group delete --name rg-<environment>-westus3');
  expect(stepText(down, 'text')).toContain('deployment.secondRegion must be "" first');
  expect(step(inRegion(''), '5', '4').removal).not.toContainEqual(expect.stringContaining('group delete'));
});

test('a second region counts at every level that its module was added to, and nowhere where it was removed', () => {
  const added = step(inRegion('westus3', { add: ['multi-region'] }), '2', '4');
  const alone = step(inRegion(''), '2', '4');
  expect(added.secondRegion).toMatchObject({ level: 4, comes: false, goes: false });
  // The rules of level 4 come twice; its free time series are used up by then.
  expect(added.cost.resources).toBeGreaterThanOrEqual(2 * alone.cost.resources);
  for (const none of [
    step(inRegion('westus3'), '2', '4'),
    step(inRegion('x', { remove: ['multi-region'] }), '4', '5'),
  ]) {
    expect(none.secondRegion).toBeUndefined();
    expect(stepText(none, 'text')).not.toContain('second region');
  }
});
