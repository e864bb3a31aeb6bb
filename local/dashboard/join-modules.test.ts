import { expect, test } from 'vitest';
import { joinModules } from './join-modules.ts';

const join = (files: Readonly<Record<string, string>>) =>
  joinModules(['main.js'], {
    read: async (path) => files[path] ?? Promise.reject(new Error(`there is no ${path}`)),
    addressOf: (path) => `/later/${path}`,
  });
/** Runs a module as a browser would, and answers what it exports. */
const run = (content: string): Promise<Record<string, unknown>> =>
  import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(content)}`);

test('a module and all that it imports are one, each run once and after what it imports', async () => {
  const { members, content } = await join({
    'main.js':
      "import { double as twice } from './parts/double.js';\nimport {\n  one,\n} from './one.js';\nexport const four = twice(twice(one));",
    'parts/double.js':
      "import { one } from '../one.js';\nconst own = 2 * one;\nexport function double(n) {\n  return own * n;\n}",
    'one.js': 'const own = 1;\nexport const one = own;',
  });
  expect(members).toEqual(['one.js', 'parts/double.js', 'main.js']);
  expect(await run(content)).toMatchObject({ one: 1, four: 4, double: expect.any(Function) });
});

test('libraries are loaded once, by name, and what is loaded later from its own address', async () => {
  const { content } = await join({
    'main.js':
      "import path, { sep } from 'node:path';\nimport { more } from './parts/more.js';\nexport const all = [path.sep === sep, more];",
    'parts/more.js':
      "import { sep } from 'node:path';\nexport const more = sep;\nexport const load = () => import('./later.js');",
  });
  expect(content.match(/node:path/g)).toHaveLength(1);
  expect(content).toContain("import('/later/parts/later.js')");
  expect((await run(content)).all).toEqual([true, (await import('node:path')).sep]);
});

test('two modules that export one name, and a form that is not known, are refused', async () => {
  const same = {
    'main.js': "import { a } from './a.js';\nexport const b = a;",
    'a.js': 'export const a = 1;\nexport const b = 2;',
  };
  await expect(join(same)).rejects.toThrow('main.js and a.js both export b.');
  await expect(join({ 'main.js': 'export default 1;' })).rejects.toThrow('main.js cannot be joined: export default 1;');
});
