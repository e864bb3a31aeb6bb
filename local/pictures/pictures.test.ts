import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folder, hashOfPage, sourcesFile } from './page-sources.ts';

const MOST_BYTES = 200_000;
const names = ['overview', 'transaction'];
const stale = 'the page has changed since its pictures were taken: run "npm run pictures"';

test('the pictures of the README show the page as it is, and are small', (context) => {
  context.skip(!existsSync(folder), 'docs/pictures was deleted: "npm run pictures" takes them anew');
  const { page } = JSON.parse(readFileSync(join(folder, sourcesFile), 'utf8')) as { page: string };
  expect(page, stale).toBe(hashOfPage());
  for (const name of names) {
    const file = join(folder, `${name}.png`);
    expect(readFileSync(file).subarray(1, 4).toString(), file).toBe('PNG');
    expect(statSync(file).size, file).toBeLessThan(MOST_BYTES);
  }
});
