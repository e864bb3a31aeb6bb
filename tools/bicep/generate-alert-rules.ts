import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { jsonText } from '../generate/json-text.ts';
import { type LogRule, readLogRule } from './log-rule-file.ts';
import { logRuleFaults } from './log-rule-limits.ts';
import { type MetricRule, readMetricRules } from './metric-rule-file.ts';

/** Files by path from the root of the checkout, each with its text. */
export type GeneratedFiles = Record<string, string>;

const ROOT = join(import.meta.dirname, '..', '..');
/** The folder of the module's source. */
export const ALERT_RULES = 'infra/observability/alert-rules';

/** The log rules by name: the name of a rule is the name of its file. Throws all faults of all files in one error. */
export const readLogRules = async (folder = join(ROOT, ALERT_RULES)): Promise<Record<string, LogRule>> => {
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

const table = (rules: Record<string, LogRule | MetricRule>) => {
  const rows = Object.entries(rules).map(([name, rule]) => {
    const level = 'query' in rule ? rule.level : rule.signals.level;
    return `| [${name}](runbooks/${name}.md) | ${rule.severity} | ${rule.title} | ${rule.feels} | ${rule.firstAction} | ${rule.frequency} over ${rule.window} | ${level} | ${rule.drill} |`;
  });
  return `# Alert rules

Generated from the headers of \`${ALERT_RULES}/*.kql\` and from \`metric-rules.json\` there. They are deployed from level 4 on;
each reads signals of the level in its row. Severity 0 and 1 page the on-call engineer, the others open a ticket.

| Rule | Severity | Says | Who feels it | First action | Evaluated | Signals of level | Proven by the drill |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
};

/**
 * What Bicep loads (one JSON map, because a literal path is all that it reads) and the table for people.
 * Throws when a rule lacks a field or asks for what Azure refuses.
 */
export const generateAlertRules = async (folder = join(ROOT, ALERT_RULES)): Promise<GeneratedFiles> => {
  const rules = await readLogRules(folder);
  const metricRules = await readMetricRules(join(folder, 'metric-rules.json'));
  const sorted = Object.fromEntries(Object.entries({ ...rules, ...metricRules }).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    [`${ALERT_RULES}/log-rules.json`]: jsonText(rules),
    'docs/alerts.md': table(sorted),
  };
};
