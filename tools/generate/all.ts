import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateInfra } from '../bicep/generate-infra.ts';
import { generatePredictions } from '../bicep/generate-predictions.ts';
import { architecturePage } from './architecture-page.ts';
import { assessPage } from './assess-page.ts';
import { businessFiles } from './business-settings-files.ts';
import { configFiles } from './config-files.ts';
import { exampleRequestFile } from './example-request.ts';
import { extractionPage } from './extraction-page.ts';
import { failuresPage } from './failures-page.ts';
import type { Generated } from './generated.ts';
import { logFieldsPage } from './log-fields.ts';
import { readme } from './readme.ts';
import { securityPage, signalsPage } from './signals-page.ts';
import { readSources } from './sources.ts';

const root = join(import.meta.dirname, '../..');

const listed = (files: Readonly<Record<string, string>>): Generated[] =>
  Object.entries(files).map(([path, text]) => ({ path, text: () => text }));

/** The page that is written by hand; a project may have deleted it. */
function securityText(): string {
  const path = join(root, 'docs', securityPage);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** The files that are made from the code and from what people write; a generator of another file is added here. */
export async function allGenerated(): Promise<Generated[]> {
  const sources = await readSources();
  const modules = sources.manifests.map(({ name }) => name);
  const pages: Generated[] = [
    { path: 'docs/architecture.md', text: () => architecturePage(root, sources) },
    { path: 'docs/log-fields.md', text: logFieldsPage },
    { path: 'docs/signals.md', text: () => signalsPage(sources.events, securityText()) },
    { path: 'README.md', text: () => readme(root, sources) },
  ];
  return [
    ...configFiles(sources),
    ...businessFiles(root, sources.businesses),
    exampleRequestFile(root),
    ...pages,
    ...extractionPage(root),
    ...failuresPage(root),
    ...(await assessPage(root)),
    ...listed(await generateInfra(modules, sources.events)),
  ];
}

/** The files that the Bicep compiler makes of `infra/` as it lies there, once the others are written. Without one: why. */
export async function allPredicted(): Promise<Generated[] | { reason: string }> {
  const predicted = await generatePredictions();
  return 'reason' in predicted ? predicted : listed(predicted.files);
}
