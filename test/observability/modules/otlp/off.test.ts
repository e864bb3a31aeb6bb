import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../../..');
const reported = `
  import { registerHooks } from 'node:module';
  registerHooks({ resolve(...request) {
    const found = request.at(-1)(...request.slice(0, 2));
    process.stderr.write(found.url + '\\n');
    return found;
  } });
  await import('./src/observability/running.ts');
  process.exit(0);
`;

/** What the modules import in a process of their own, without Azure. */
async function imports(add: string[]): Promise<string[]> {
  const config = { level: 1, modules: { add, remove: [] } };
  const { PATH, SystemRoot } = process.env;
  const env = { PATH, SystemRoot, OBSERVABILITY_CONFIG: JSON.stringify(config) };
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', reported], {
    cwd: root,
    env,
    maxBuffer: 100_000_000,
  });
  const files = stderr.split('\n').map((url) => url.replace(pathToFileURL(root).href, ''));
  return files.filter((file) => file.includes('otlp') && !file.endsWith('/otlp/manifest.ts'));
}

test('while it is off nothing of it is imported', async () => {
  expect(await imports(['otlp'])).toEqual(expect.arrayContaining([expect.stringMatching(/exporter-trace-otlp-proto/)]));
  expect(await imports([])).toEqual([]);
});
