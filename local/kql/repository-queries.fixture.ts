import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AnalyticsRuleInFile, readAnalyticsRules } from '../alerts/deployed/rule-files.ts';

const root = join(import.meta.dirname, '..', '..');
const observability = join(root, 'infra', 'observability');
const defaults: Record<string, Record<string, unknown>> = JSON.parse(
  await readFile(join(observability, 'defaults.json'), 'utf8'),
);

/** The values that the deployment knows and `observability.json` does not. */
const deployed: Readonly<Record<string, string>> = {
  'service.roles': '"app"',
  'deployment.resourceGroups': '"rg-dev"',
  'queues.duplicateWindow': "case(isempty(source), 1s, source == 'parcels', 10m + 0s, 1s)",
};

/** A query as it is deployed with the defaults. `known` replaces values, such as `{ 'service.roles': '"api", "worker"' }`. */
export const filled = (query: string, known: Readonly<Record<string, string>> = {}): string =>
  query.replaceAll(/\{\{((\w+)\.(\w+))\}\}/g, (_all, name, section, key) =>
    String(known[name] ?? deployed[name] ?? defaults[section]?.[key]),
  );

export interface RepositoryQuery {
  /** The file from the root; in a page also the first line of the query, because a page has several. */
  readonly name: string;
  /** Not filled. */
  readonly text: string;
}

/** Every query of `infra/observability` and of the pages, in the order of their names. */
export async function readRepositoryQueries(): Promise<RepositoryQuery[]> {
  const found: RepositoryQuery[] = [];
  for await (const file of glob('infra/observability/**/*.kql', { cwd: root }))
    found.push({ name: file.replaceAll('\\', '/'), text: await readFile(join(root, file), 'utf8') });
  for await (const file of glob('docs/**/*.md', { cwd: root })) {
    const page = await readFile(join(root, file), 'utf8');
    for (const [, text = ''] of page.matchAll(/```(?:kusto|kql)\n([\s\S]*?)```/g))
      found.push({ name: `${file.replaceAll('\\', '/')}: ${text.trim().split('\n')[0]}`, text });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A log rule as Bicep deploys it; of its fields those that decide whether it fires. */
export interface DeployedLogRule {
  readonly query: string;
  readonly window: string;
  readonly aggregation: 'Average' | 'Count' | 'Maximum' | 'Minimum' | 'Total';
  readonly measure?: string;
  readonly operator: 'GreaterThan' | 'GreaterThanOrEqual' | 'LessThan' | 'LessThanOrEqual';
  readonly threshold: string;
  readonly dimensions: readonly string[];
}

/** The log rules and analytics rules by name. A module of rules may have been deleted. */
export async function readDeployedLogRules(): Promise<Record<string, DeployedLogRule>> {
  const files = ['basic-alerts', 'alert-rules'].map((module) => join(observability, module, 'log-rules.json'));
  const texts = await Promise.all(files.filter((file) => existsSync(file)).map((file) => readFile(file, 'utf8')));
  const analytics = Object.entries(readAnalyticsRules(root)).map(([name, rule]) => [name, asLogRule(rule)]);
  return Object.assign({}, ...texts.map((text) => JSON.parse(text)), Object.fromEntries(analytics));
}

/** An analytics rule counts the rows of its result, and each of them is about entities. */
const asLogRule = ({ query, period, operator, threshold, entities }: AnalyticsRuleInFile): DeployedLogRule => ({
  ...{ query, window: period, aggregation: 'Count', threshold: String(threshold) },
  operator: operator as DeployedLogRule['operator'],
  dimensions: entities.map(({ column }) => column),
});
