import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { jsonText } from '../generate/json-text.ts';
import { type AnalyticsRule, readAnalyticsRule } from './analytics-rule-file.ts';
import { analyticsRuleFaults } from './analytics-rule-limits.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** The module with the analytics rules. */
export const ANALYTICS = 'infra/observability/security-events';

/** The analytics rules by name, none where the module was deleted. Throws all faults of all files in one error. */
export const readAnalyticsRules = async (folder = join(ROOT, ANALYTICS)): Promise<Record<string, AnalyticsRule>> => {
  if (!existsSync(folder)) return {};
  const rules: Record<string, AnalyticsRule> = {};
  const faults: string[] = [];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.kql')).sort()) {
    try {
      const rule = readAnalyticsRule(file, await readFile(join(folder, file), 'utf8'));
      faults.push(...analyticsRuleFaults(rule).map((fault) => `${file}: ${fault}`));
      rules[basename(file, '.kql')] = rule;
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return rules;
};

/** What Bicep loads: `analytics-rules.json`. Nothing where the module was deleted. */
export const analyticsFiles = (rules: Readonly<Record<string, AnalyticsRule>>): Record<string, string> =>
  existsSync(join(ROOT, ANALYTICS)) ? { [`${ANALYTICS}/analytics-rules.json`]: jsonText(rules) } : {};

/** The table for people; empty without rules. */
export const analyticsTable = (rules: Readonly<Record<string, AnalyticsRule>>): string => {
  const module = basename(ANALYTICS);
  const rows = Object.entries(rules).map(([name, rule]) => {
    const attack = [...rule.tactics, ...rule.techniques].join(', ');
    const evaluated = `${rule.frequency} over ${rule.period}`;
    return `| [${name}](runbooks/${module}/${name}.md) | ${rule.severity} | ${rule.title} | ${rule.feels} | ${rule.firstAction} | ${attack} | ${evaluated} | ${rule.drill ?? 'none'} |`;
  });
  if (rows.length === 0) return '';
  return `## ${module}

Rules of Microsoft Sentinel, which makes an incident of each row that a query answers.

| Rule | Severity | Says | Who feels it | First action | MITRE ATT&CK | Evaluated | Proven by the drill |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
};
