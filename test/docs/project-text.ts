import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './pages.ts';

/** What a page may name: the code, the templates of Azure and the pipeline, without tests and without pages. */
const places = [
  '{src,operator,local,tools,infra,.github,.ci}/**/*.{ts,mjs,json,bicep,bicepparam,kql,yml}',
  '.ci/run',
  '{azure.yaml,package.json,vitest.config.ts,Dockerfile}',
];
const exclude = ['**/node_modules/**', '**/test/**', '**/*.test.ts', 'infra/snapshots/**', 'infra/*.json'];

/** The text of all of them, to look words up. */
export const projectText = (): string =>
  globSync(places, { cwd: root, exclude })
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('\n');
