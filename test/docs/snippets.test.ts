import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { blocksOf, commandsOf } from './code-blocks.ts';
import { isWhole, pages, root, textOf } from './pages.ts';
import { layOut, writeBusinessOf, writeCompilerSettings, writeSnippets } from './snippet-project.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'snippets-')));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

/** What the compiler says of the folders, one fault a line. */
async function faultsIn(place: string, overlays: readonly string[]): Promise<string> {
  writeCompilerSettings(place, overlays);
  const args = [join(root, 'node_modules/typescript/bin/tsc'), '-p', place, '--pretty', 'false'];
  return promisify(execFile)(process.execPath, args, { cwd: place, maxBuffer: 1e8 }).then(
    () => '',
    ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
  );
}

test('the code of every page compiles where the page puts it, and every change fits what it changes', {
  timeout: 180_000, // a compiler run, on a machine that may be busy
}, async () => {
  const overlays = pages.map((page) => ({ page, overlay: join(folder, 'of', page.replaceAll(/\W+/g, '-')) }));
  for (const { page, overlay } of overlays) await writeBusinessOf(overlay, page);
  await layOut(join(folder, 'of'));
  const leftOut = overlays.flatMap(({ page, overlay }) => writeSnippets(overlay, page));
  const written = overlays.map(({ overlay }) => overlay).filter((overlay) => existsSync(overlay));
  expect(await faultsIn(folder, written)).toBe('');
  if (isWhole) expect(leftOut).toEqual([]);
});

test('every quoted piece of a file stands in that file', () => {
  const quotes = pages.flatMap((page) =>
    blocksOf(textOf(page)).flatMap(({ quoted, file = '', text }) => (quoted ? [{ page, file, text }] : [])),
  );
  const missing = quotes.filter(({ file, text }) => !existsSync(join(root, file)) || !textOf(file).includes(text));
  expect(missing).toEqual([]);
});

test('a block is read with its file, in a list too, and a line that goes on in the next is one command', () => {
  const page = '1. Do it:\n\n   ```ts from src/a.ts\n   a();\n   ```\n\n```sh\naz a \\\n  --b # why\n\nls\n```\n';
  const [quote, commands = { text: '' }, ...more] = blocksOf(page);
  expect(quote).toEqual({ language: 'ts', file: 'src/a.ts', quoted: true, text: 'a();\n' });
  expect(commandsOf(commands)).toEqual(['az a --b', 'ls']);
  expect(more).toEqual([]);
  expect(() => blocksOf('```ts\nx')).toThrow('has no end');
});
