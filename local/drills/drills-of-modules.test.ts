import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mentionsOfModule } from '../../tools/delete/paths-of-guide.ts';
import { readAnalyticsRules } from '../alerts/deployed/rule-files.ts';
import { drills } from './catalogue/index.ts';

const root = join(import.meta.dirname, '../..');
/** The drills that `npm run delete` takes with a module. */
const goneWith = (module: string) =>
  mentionsOfModule(root, module)
    .filter(({ from }) => from === 'local/drills/catalogue/index.ts')
    .map(({ gone }) => gone);
const fileOf = (drill: string) => `local/drills/catalogue/${drill}.ts`;

test('the drill that a rule of security-events names goes with that module', () => {
  const named = Object.values(readAnalyticsRules(root)).flatMap(({ drill }) => (drill ? [fileOf(drill)] : []));
  expect(named.filter((file) => !goneWith('security-events').includes(file))).toEqual([]);
});

test('a drill with two regions goes with multi-region', () => {
  const inTwo = drills.filter(({ twoRegions }) => twoRegions).map(({ name }) => fileOf(name));
  expect(inTwo.filter((file) => !goneWith('multi-region').includes(file))).toEqual([]);
});
