import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { jsonText } from '../generate/json-text.ts';
import type { GeneratedFiles } from './generate-alert-rules.ts';
import { readHeader } from './rule-header.ts';

/** What a dashboard asks, from the header comment of its `.kql`. */
export interface Question {
  title: string;
  /** What its reader wants to know. */
  question: string;
  /** How the answer is drawn. */
  chart: 'table' | 'timechart' | 'barchart' | 'linechart';
  /** From this level on there are signals; below, the workbook leaves the question out. */
  level: number;
  modules: string[];
  order: number;
  query: string;
}

const ROOT = join(import.meta.dirname, '..', '..');
/** The folder of the module's source. */
export const DASHBOARDS = 'infra/observability/dashboards';
const FIELDS = ['title', 'question', 'chart', 'order', 'signals'];
const CHARTS = ['table', 'timechart', 'barchart', 'linechart'];

const readQuestion = (file: string, text: string): Question => {
  const { fields, query } = readHeader(text);
  const signals = /^level (?<level>[1-5]): (?<modules>.+)$/.exec(fields.get('signals') ?? '')?.groups;
  const chart = fields.get('chart') ?? '';
  const faults = [
    ...FIELDS.filter((name) => !fields.has(name)).map((name) => `"${name}" is missing`),
    ...[...fields.keys()].filter((name) => !FIELDS.includes(name)).map((name) => `"${name}" is not a field`),
    ...(fields.has('signals') && !signals ? ['"signals" is not like "level 3: custom-events"'] : []),
    ...(fields.has('chart') && !CHARTS.includes(chart) ? [`"chart" is not one of ${CHARTS.join(', ')}`] : []),
    ...(fields.has('order') && !/^\d+$/.test(fields.get('order') ?? '') ? ['"order" is not a whole number'] : []),
  ];
  if (faults.length > 0) throw new Error(`${file}: ${faults.join('; ')}`);
  return {
    title: fields.get('title') ?? '',
    question: fields.get('question') ?? '',
    chart: chart as Question['chart'],
    level: Number(signals?.level),
    modules: (signals?.modules ?? '').split(',').map((name) => name.trim()),
    order: Number(fields.get('order')),
    query,
  };
};

/** The questions by name, in the order of the workbook. Throws on the first file whose header lacks something. */
export const readQuestions = async (folder = join(ROOT, DASHBOARDS)): Promise<Record<string, Question>> => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.kql')).sort();
  const entries = await Promise.all(
    files.map(
      async (file) => [basename(file, '.kql'), readQuestion(file, await readFile(join(folder, file), 'utf8'))] as const,
    ),
  );
  return Object.fromEntries(entries.sort(([, a], [, b]) => a.order - b.order));
};

/**
 * In a workbook the time range and the role are parameters, which the portal puts into the text of a query. The width of
 * the points of a chart follows from the range: five minutes would be nine thousand points a month.
 */
const forWorkbook = (query: string) =>
  query
    .replace(
      /(?<=^|= )(?<table>App\w+|Usage)$/gm,
      (table) =>
        `${table}\n| where TimeGenerated {TimeRange}${table === 'Usage' ? '' : ' and ("*" in ({Role}) or AppRoleName in ({Role}))'}`,
    )
    .replaceAll('bin(TimeGenerated, 5m)', 'bin(TimeGenerated, {TimeRange:grain})');

const switchName = (module: string) => `On_${module.replaceAll('-', '_')}`;

/** A hidden parameter a module, which the deployment sets to on or off: a question without signals is not shown. */
const moduleSwitch = (module: string) => ({
  id: `6f1c1c7e-6d2b-4b43-9b0a-${Buffer.from(module).toString('hex').padEnd(12, '0').slice(0, 12)}`,
  version: 'KqlParameterItem/1.0',
  name: switchName(module),
  type: 1,
  isHiddenWhenLocked: true,
  value: `{{module.${module}}}`,
});

const parameters = (modules: readonly string[]) => ({
  type: 9,
  name: 'parameters',
  content: {
    version: 'KqlParameterItem/1.0',
    style: 'pills',
    queryType: 0,
    resourceType: 'microsoft.operationalinsights/workspaces',
    parameters: [
      {
        id: '6f1c1c7e-6d2b-4b43-9b0a-0f6f6a0c1a01',
        version: 'KqlParameterItem/1.0',
        name: 'TimeRange',
        label: 'Time range',
        type: 4,
        isRequired: true,
        value: { durationMs: 86400000 },
        typeSettings: {
          selectableValues: [3600000, 14400000, 86400000, 259200000, 604800000, 2592000000].map((durationMs) => ({
            durationMs,
          })),
        },
      },
      {
        id: '6f1c1c7e-6d2b-4b43-9b0a-0f6f6a0c1a02',
        version: 'KqlParameterItem/1.0',
        name: 'Role',
        type: 2,
        isRequired: true,
        multiSelect: true,
        quote: "'",
        delimiter: ',',
        query:
          'union AppRequests, AppMetrics | where TimeGenerated {TimeRange} | distinct AppRoleName | order by AppRoleName asc',
        value: ['value::all'],
        typeSettings: { additionalResourceOptions: ['value::all'], selectAllValue: '*' },
        queryType: 0,
        resourceType: 'microsoft.operationalinsights/workspaces',
      },
      {
        id: '6f1c1c7e-6d2b-4b43-9b0a-0f6f6a0c1a03',
        version: 'KqlParameterItem/1.0',
        name: 'Level',
        type: 1,
        isRequired: true,
        value: '{{level}}',
      },
      ...modules.map(moduleSwitch),
    ],
  },
});

const item = ([name, question]: [string, Question]) => ({
  type: 3,
  name,
  content: {
    version: 'KqlItem/1.0',
    title: `${question.title}: ${question.question}`,
    query: forWorkbook(question.query),
    size: 0,
    timeContextFromParameter: 'TimeRange',
    queryType: 0,
    resourceType: 'microsoft.operationalinsights/workspaces',
    visualization: question.chart,
  },
  conditionalVisibilities: question.modules.map((module) => ({
    parameterName: switchName(module),
    comparison: 'isEqualTo',
    value: 'on',
  })),
});

/** The workbook that Bicep deploys and the table of questions for people. Throws when a question's header is wrong. */
export const generateDashboards = async (folder = join(ROOT, DASHBOARDS)): Promise<GeneratedFiles> => {
  const questions = await readQuestions(folder);
  const heading = {
    type: 1,
    name: 'heading',
    content: { json: 'The service runs at level **{Level}**. What the questions count leaves health probes out.' },
  };
  const modules = [...new Set(Object.values(questions).flatMap((question) => question.modules))].sort();
  const workbook = {
    version: 'Notebook/1.0',
    items: [parameters(modules), heading, ...Object.entries(questions).map(item)],
    isLocked: false,
    // The workspace that the questions are asked of; no item names one.
    fallbackResourceIds: ['{{workspaceId}}'],
  };
  const rows = Object.entries(questions).map(
    ([name, { title, question, level }]) =>
      `| [${name}](../${DASHBOARDS}/${name}.kql) | ${title} | ${question} | ${level} |`,
  );
  return {
    [`${DASHBOARDS}/workbook.json`]: jsonText(workbook),
    'docs/dashboards.md': `# Dashboards

Generated from the headers of \`${DASHBOARDS}/*.kql\`. One Azure Workbook shows them from level 3 on, with a time range and a role.

| Query | Title | Question | Signals of level |
| --- | --- | --- | --- |
${rows.join('\n')}
`,
  };
};
