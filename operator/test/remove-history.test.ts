import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openProject } from '../init/project.ts';
import { removeHistory } from '../init/remove-template.ts';

test('with the decisions, the changelog and the pictures go the links to them, and every other link stays', () => {
  const root = mkdtempSync(join(tmpdir(), 'history-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'docs/decisions'), { recursive: true });
  mkdirSync(join(root, 'docs/pictures'));
  writeFileSync(join(root, 'CHANGELOG.md'), '# Changelog\n');
  writeFileSync(
    join(root, 'README.md'),
    [
      '![The page](docs/pictures/overview.png)',
      '',
      '* [Decisions](docs/decisions): the reasons',
      '* [Changes](CHANGELOG.md) from version to version',
      '* [Settings](docs/settings.md)',
      'It is so ([why](docs/decisions/one.md)), as [the changelog](CHANGELOG.md) and [a record](docs/decisions/one.md) say.',
      '',
    ].join('\n'),
  );

  const project = openProject(root);
  removeHistory(project);
  expect(project.changes).toEqual({
    written: [],
    changed: ['README.md'],
    removed: ['docs/decisions', 'docs/pictures', 'CHANGELOG.md'],
  });
  expect(existsSync(join(root, 'CHANGELOG.md'))).toBe(false);
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe(
    '* [Settings](docs/settings.md)\nIt is so, as the changelog and a record say.\n',
  );
});
