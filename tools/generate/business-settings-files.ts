import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BusinessRows } from '../../src/config/business-settings.ts';
import type { Generated } from './generated.ts';
import { jsonText } from './json-text.ts';
import { withMarkedPart } from './marked-part.ts';

/** What a deployment must know of a business. */
export interface DeployedBusiness extends BusinessRows {
  routes?: unknown;
  start?: unknown;
}

/** What Bicep and its guides must know of a variable that a business declares. */
export type DeployedSettings = Readonly<Record<string, { required: boolean }>>;

const begin = 'Written by "npm run generate" from the settings of the businesses.';
const end = 'End of what is generated.';

/**
 * What follows from the businesses wherever a deployment needs it: two files that Bicep loads, and their variables between
 * two marks in the parameter file, the pipeline, azure.yaml and the guide. A file without the marks is left alone: then a team wrote its
 * own.
 */
export function businessFiles(root: string, businesses: readonly DeployedBusiness[]): Generated[] {
  const settings = deployedSettings(businesses);
  const names = Object.keys(settings);
  const marked = (path: string, mark: (text: string) => string, lines: readonly string[]): Generated => ({
    path,
    text: () => withMarkedPart(readFileSync(join(root, path), 'utf8'), mark(begin), mark(end), lines),
  });
  const parameters =
    names.length === 0
      ? ['param settings = {}']
      : ['param settings = {', ...names.map((name) => `  ${name}: readEnvironmentVariable('${name}', '')`), '}'];
  return [
    { path: 'infra/workload/businesses.json', text: () => jsonText(deployedWork(businesses)) },
    { path: 'infra/workload/business-settings.json', text: () => jsonText(settings) },
    marked('infra/app.bicepparam', (text) => `// ${text}`, parameters),
    marked(
      '.github/workflows/azure-dev.yml',
      (text) => `  # ${text}`,
      names.map((name) => `  ${name}: \${{ vars.${name} }}`),
    ),
    marked(
      'azure.yaml',
      (text) => `  # ${text}`,
      names.length === 0 ? ['  variables: []'] : ['  variables:', ...names.map((name) => `    - ${name}`)],
    ),
    marked('docs/guides/deploy.md', (text) => `<!-- ${text} -->`, guideLines(settings)),
  ];
}

/**
 * What the businesses do in each role, as `sends` is checked at start: a business sends in the role of its routes, of its
 * handlers, and in both where it has `start`. Bicep gives roles of Service Bus by it.
 */
export function deployedWork(businesses: readonly DeployedBusiness[]) {
  const handles = ({ handlers = {} }: DeployedBusiness) => Object.keys(handlers).length > 0;
  const senders = businesses.filter(({ sends = [] }) => sends.length > 0);
  return {
    routes: businesses.some(({ routes }) => routes !== undefined),
    handlers: businesses.some(handles),
    apiSends: senders.some(({ routes, start }) => (routes ?? start) !== undefined),
    workerSends: senders.some((business) => handles(business) || business.start !== undefined),
  };
}

/** The variables by name, in order, so that a business that is added moves no other line. */
export function deployedSettings(businesses: readonly BusinessRows[]): DeployedSettings {
  const rows = businesses.flatMap(({ settings = {} }) => Object.entries(settings));
  return Object.fromEntries(
    rows
      .map(([name, row]) => {
        const required = row.default === undefined && !row.schema.safeParse(undefined).success;
        return [name, { required }] as const;
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What the deployment guide says of the variables. */
function guideLines(settings: DeployedSettings): string[] {
  const names = Object.keys(settings);
  const required = names.filter((name) => settings[name]?.required);
  const optional = names.filter((name) => !settings[name]?.required).map((name) => `\`${name}\``);
  return [
    ...(required.length === 0
      ? ['No business requires a variable.']
      : [
          'Set what the businesses require:',
          '',
          '```sh',
          ...required.map((name) => `azd env set ${name} <value>`),
          '```',
        ]),
    ...(optional.length === 0
      ? []
      : [
          '',
          `Optional, by \`azd env set\` too: ${optional.join(', ')}. What each means is in \`settings.md\` beside its business.`,
        ]),
  ];
}
