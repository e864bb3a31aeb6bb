import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DashboardParts } from '../dashboard-parts.ts';
import type { ApiRoutes } from './api-router.ts';
import type { SavedQueries } from './contract.ts';

type Saved = SavedQueries['queries'][number];

const observability = 'infra/observability';
/** What the deployment writes and the run does not know: such queries run with what a service of this template has. */
const ofDeployment: Readonly<Record<string, string>> = {
  'service.roles': '"service"',
  'queues.duplicateWindow': '10m',
  'deployment.resourceGroups': '"rg-dev"',
};

/** The repository's own queries, those of dashboards first, with the settings of `observability.json` filled in. */
export function savedQueryRoutes({ root }: Pick<DashboardParts, 'root'>): ApiRoutes {
  return {
    'GET queries': () => {
      const settings = readSettings(root);
      const files = globSync(`${observability}/**/*.kql`, { cwd: root }).map((file) => file.replaceAll('\\', '/'));
      const queries = files.map((file) => readSaved(root, file, settings));
      const data: SavedQueries = {
        queries: queries.sort((a, b) => b.kind.localeCompare(a.kind, 'en') || a.title.localeCompare(b.title, 'en')),
      };
      return { data };
    },
  };
}

function readSaved(root: string, file: string, settings: Settings): Saved {
  const text = readFileSync(join(root, file), 'utf8');
  const [, head = '', query = ''] = /^((?:\/\/[^\n]*\n)*)([\s\S]*)$/.exec(text) ?? [];
  const facts = new Map(
    [...head.matchAll(/^\/\/ ([a-z ]+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const fill = (part: string) => fillIn(part, settings);
  return {
    name: basename(file, '.kql'),
    title: facts.get('title') ?? basename(file, '.kql'),
    question: fill(facts.get('question') ?? facts.get('feels') ?? ''),
    kind: facts.has('severity') ? 'alert' : 'dashboard',
    chart: facts.get('chart') ?? 'table',
    level: Number(/level (\d)/.exec(facts.get('signals') ?? '')?.[1] ?? 1),
    file,
    query: fill(query).trim(),
  };
}

type Settings = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** A key that is left out in the file has its default. */
function readSettings(root: string): Settings {
  const read = (file: string) => {
    try {
      return JSON.parse(readFileSync(join(root, file), 'utf8').replace(/^\uFEFF/, '')) as Record<string, object>;
    } catch {
      return {};
    }
  };
  const [defaults, own] = [read(`${observability}/defaults.json`), read('observability.json')];
  return Object.fromEntries(
    Object.entries(defaults).map(([section, values]) => [section, { ...values, ...own[section] }]),
  );
}

const fillIn = (text: string, settings: Settings): string =>
  text.replaceAll(/\{\{(\w+)\.(\w+)\}\}/g, (whole, section, key) =>
    String(ofDeployment[`${section}.${key}`] ?? settings[section]?.[key] ?? whole),
  );
