import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CommandRefused } from '../command-refused.ts';
import { readName } from '../init/business-name.ts';
import type { Part } from '../init/init-arguments.ts';
import { openProject } from '../init/project.ts';
import { checkBusiness } from '../init/scaffold.ts';

const project = openProject(join(import.meta.dirname, '../..'));
const check = (name: string, ...parts: Part[]) => checkBusiness(project, readName(name), new Set(parts));

test('a business none of whose files has a name that is taken may be written', () => {
  expect(() => check('shipments', 'api', 'worker')).not.toThrow();
});

test('a business with a file whose name another file has is refused with both paths', () => {
  const sentence =
    'src/business/problems/problem.ts would have the name of src/platform/problem.ts: choose another name.';
  expect(() => check('problems', 'api')).toThrow(new CommandRefused(sentence));
});

test.each(['messages', 'requests'])('%s, which the code of a business is about already, is refused', (name) => {
  expect(() => check(name, 'api', 'worker')).toThrow(/^The code of a business calls something else/);
});
