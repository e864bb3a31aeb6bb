import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { businessFiles } from '../../tools/generate/business-settings-files.ts';
import { root } from './bicep.ts';

const pages = async (folder: string) =>
  (await readdir(join(root, 'docs', folder)).catch((): string[] => [])) // a project of its own begins without decisions
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', folder, file));
const own = [
  'docs/alerts.md',
  'docs/dashboards.md',
  'docs/ladder.md',
  'docs/guides/deploy.md',
  'docs/guides/network.md',
  'docs/modules/alert-rules.md',
  'docs/modules/basic-alerts.md',
  'docs/modules/dashboards.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CODE_OF_CONDUCT.md',
  ...(await pages('runbooks/alert-rules')),
  ...(await pages('runbooks/basic-alerts')),
  ...(await pages('decisions')),
];

/** As GitHub makes anchors of headings. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(/\s+/g, '-'),
  );

test.each(own)('every link of %s leads somewhere', async (page) => {
  const text = await readFile(join(root, page), 'utf8');
  for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^https:/.test(target)) continue;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? join(root, page) : join(root, dirname(page), path);
    expect(
      await stat(file).then(
        () => true,
        () => false,
      ),
      target,
    ).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(await readFile(file, 'utf8')), target).toContain(anchor);
  }
});

test('every decision opens with its status and names its consequences', async () => {
  for (const page of await pages('decisions')) {
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
