import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { jsonText } from '../generate/json-text.ts';
import { ANALYTICS, analyticsFiles, analyticsTable, readAnalyticsRules } from './generate-analytics-rules.ts';
import { type LogRule, readLogRule } from './log-rule-file.ts';
import { logRuleFaults } from './log-rule-limits.ts';
import { type ActivityRule, type MetricRule, readActivityRules, readMetricRules } from './metric-rule-file.ts';

/** Files by path from the root of the checkout, each with its text. */
export type GeneratedFiles = Record<string, string>;

const ROOT = join(import.meta.dirname, '..', '..');
/** The folders with rules, in the order of the ladder. Their names are those of their modules. */
export const RULE_FOLDERS: readonly string[] = [
  'infra/observability/basic-alerts',
  'infra/observability/alert-rules',
].filter((folder) => existsSync(join(ROOT, folder)));

/** The log rules of a folder by name: the name of a rule is the name of its file. Throws all faults of all files in one error. */
export const readLogRules = async (folder: string): Promise<Record<string, LogRule>> => {
  const rules: Record<string, LogRule> = {};
  const faults: string[] = [];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.kql')).sort()) {
    try {
      const rule = readLogRule(file, await readFile(join(folder, file), 'utf8'));
      faults.push(...logRuleFaults(rule).map((fault) => `${file}: ${fault}`));
      rules[basename(file, '.kql')] = rule;
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return rules;
};

/** The rules of one module, each kind by name. */
export interface ModuleRules {
  log: Record<string, LogRule>;
  metric: Record<string, MetricRule>;
  activity: Record<string, ActivityRule>;
}

/** Reads all rules of a folder. Throws when a rule lacks a field or asks for what Azure refuses. */
export const readRules = async (folder: string): Promise<ModuleRules> => {
  const activity = join(folder, 'activity-rules.json');
  return {
    log: await readLogRules(folder),
    metric: await readMetricRules(join(folder, 'metric-rules.json')),
    activity: existsSync(activity) ? await readActivityRules(activity) : {},
  };
};

const row = (module: string, name: string, rule: LogRule | MetricRule | ActivityRule): string => {
  const severity = 'severity' in rule ? rule.severity : 4;
  const evaluated = 'window' in rule ? `${rule.frequency} over ${rule.window}` : 'at once';
  const drill = ('drill' in rule && rule.drill) || 'none';
  return `| [${name}](runbooks/${module}/${name}.md) | ${severity} | ${rule.title} | ${rule.feels} | ${rule.firstAction} | ${evaluated} | ${drill} |`;
};

const table = (module: string, { log, metric, activity }: ModuleRules): string => {
  const rules = Object.entries({ ...log, ...metric, ...activity }).sort(([a], [b]) => (a < b ? -1 : 1));
  return `## ${module}

| Rule | Severity | Says | Who feels it | First action | Evaluated | Proven by the drill |
| --- | --- | --- | --- | --- | --- | --- |
${rules.map(([name, rule]) => row(module, name, rule)).join('\n')}
`;
};

/** What Bicep loads (one JSON map a folder, because a literal path is all that it reads) and the tables for people. */
export const generateAlertRules = async (folders = RULE_FOLDERS): Promise<GeneratedFiles> => {
  const analytics = await readAnalyticsRules();
  const files: GeneratedFiles = analyticsFiles(analytics);
  const tables: string[] = [];
  for (const folder of folders) {
    const rules = await readRules(join(ROOT, folder));
    files[`${folder}/log-rules.json`] = jsonText(rules.log);
    tables.push(table(basename(folder), rules));
  }
  const sources = [
    ...folders,
    ...Object.keys(files)
      .filter((path) => path.startsWith(ANALYTICS))
      .map(dirname),
  ];
  files['docs/alerts.md'] = `# Alert rules

Generated from the headers of the \`.kql\` files and from the JSON files in ${sources.map((folder) => `\`${folder}\``).join(' and ')}. Each module
deploys the rules of its table. At the level of \`alert-rules\`, severity 0 and 1 page the on-call engineer and the others open a ticket.

${[...tables, analyticsTable(analytics)].filter(Boolean).join('\n')}`;
  return files;
};
