import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { businessFiles } from '../../tools/generate/business-settings-files.ts';
import { root } from './bicep.ts';

/** A project of its own begins without decisions. */
const decisions = (await readdir(join(root, 'docs/decisions')).catch((): string[] => []))
  .filter((file) => file.endsWith('.md'))
  .map((file) => join('docs/decisions', file));

test('every decision opens with its status and names its consequences', async () => {
  for (const page of decisions) {
    const text = await readFile(join(root, page), 'utf8');
    expect(text, page).toMatch(/^# .+\n\nStatus: (accepted|superseded by .+)\. .+\n/);
    expect(text, page).toMatch(/^## (Consequences|What follows)$/m);
  }
});

test('the parameter file, the pipeline and the guide name the variables of the businesses, where they are generated', async () => {
  const { businesses } = await import('../../src/business/index.ts');
  for (const file of businessFiles(root, businesses)) {
    expect(await readFile(join(root, file.path), 'utf8'), file.path).toBe(await file.text());
  }
});
