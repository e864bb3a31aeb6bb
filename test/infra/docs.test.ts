import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { infra, root } from './bicep.ts';

const pages = async (folder: string) =>
  (await readdir(join(root, 'docs', folder)))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', folder, file));
const own = [
  'docs/alerts.md',
  'docs/dashboards.md',
  'docs/ladder.md',
  'docs/guides/deploy.md',
  'docs/modules/alert-rules.md',
  'docs/modules/basic-alerts.md',
  'docs/modules/dashboards.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CODE_OF_CONDUCT.md',
  ...(await pages('runbooks')),
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

test('the guide sets every variable that the deployment needs and has no default for', async () => {
  const guide = await readFile(join(root, 'docs', 'guides', 'deploy.md'), 'utf8');
  const parameters = await readFile(join(infra, 'main.bicepparam'), 'utf8');
  const settings = /param settings = \{([^}]*)\}/.exec(parameters)?.[1] ?? '';
  const names = [...settings.matchAll(/readEnvironmentVariable\('(\w+)', ''\)/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(guide).toContain(`azd env set ${name} `);
});

test('the businesses get every variable that they require', async () => {
  const { businesses } = await import('../../src/business/index.ts');
  const required = businesses.flatMap(({ settings = {} }) =>
    Object.entries(settings).flatMap(([name, row]) =>
      row.default === undefined && !row.schema.safeParse(undefined).success ? [name] : [],
    ),
  );
  const parameters = await readFile(join(infra, 'main.bicepparam'), 'utf8');
  const settings = /param settings = \{([^}]*)\}/.exec(parameters)?.[1] ?? '';
  expect([...settings.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name)).toEqual(expect.arrayContaining(required));
});
