import { globSync } from 'node:fs';
import { removeFromLists } from './lists.ts';
import type { Project } from './project.ts';
import { sample } from './sample.ts';
import { removeQueues } from './scaffold-queues.ts';

/** Removes the sample with its rooms, its lines and its queues. */
export function removeSample(project: Project): void {
  const { name, queues } = sample;
  if (!project.has(`src/business/${name.plural}`)) return;
  for (const room of ['src', 'test', 'local']) project.remove(`${room}/business/${name.plural}`);
  project.remove(`docs/business/${name.plural}.md`);
  removeFromLists(project, name);
  removeQueues(project, queues);
}

const toHistory = String.raw`\]\([^)\s]*\b(?:decisions(?:/[^)\s]*)?|CHANGELOG\.md)\)`;

/** The tests of guides write a business `orders` into a copy, which the project may have. */
const ofTemplate = [
  ...['docs/decisions', 'docs/pictures', 'CHANGELOG.md', 'local/test/template', 'local/test/guides'],
  'local/test/observability/modules/otlp/own-telemetry.test.ts',
  'local/pictures/pictures.test.ts',
];

/**
 * Removes what tells of the template itself: its decisions, changelog and pictures with the links to them, and the tests of what
 * makes a project of it and of what its guides say.
 */
export function removeHistory(project: Project): void {
  for (const path of ofTemplate) project.remove(path);
  const pages = globSync(['*.md', 'docs/**/*.md', '{local,operator}/**/README.md'], {
    cwd: project.root,
    exclude: ['**/node_modules/**'],
  });
  for (const page of pages) project.edit(page.replaceAll('\\', '/'), withoutHistory);
}

/** A picture is removed, and a list item that begins with a link to what goes, and such a link in brackets; of any other the text stays. */
const withoutHistory = (text: string): string =>
  text
    .replaceAll(/^!\[[^\]]*\]\(docs\/pictures\/[^)]*\)\n\n/gm, '')
    .replaceAll(new RegExp(String.raw`^\* \[[^\]]*${toHistory}.*\n`, 'gm'), '')
    .replaceAll(new RegExp(String.raw` \(\[[^\]]*${toHistory}\)`, 'g'), '')
    .replaceAll(new RegExp(String.raw`\[([^\]]*)${toHistory}`, 'g'), '$1');
