import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EventDefinition } from '../../src/observability/events.ts';
import type { AnalyticsRule } from './analytics-rule-file.ts';
import { eventFaults } from './event-faults.ts';
import { type GeneratedFiles, generateAlertRules, RULE_FOLDERS, readLogRules } from './generate-alert-rules.ts';
import { ANALYTICS, readAnalyticsRules } from './generate-analytics-rules.ts';
import { DASHBOARDS, generateDashboards, type Question, readQuestions } from './generate-dashboards.ts';
import type { LogRule } from './log-rule-file.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const exists = (folder: string) => existsSync(join(ROOT, folder));

/**
 * What Bicep loads and the tables for people: made from the `.kql` files and the table of metric rules, without a
 * compiler. A module whose folder a team has deleted has no files. Throws when a query could never see a row: it reads
 * signals of a module that is not among `modules`, or an event, a property or a measurement that is not among `events`.
 */
export async function generateInfra(
  modules: readonly string[],
  events: readonly EventDefinition[],
): Promise<GeneratedFiles> {
  const rules = RULE_FOLDERS.map(async (folder) => [folder, await readLogRules(join(ROOT, folder))] as const);
  const questions = exists(DASHBOARDS) ? [[DASHBOARDS, await readQuestions()] as const] : [];
  const analytics = [ANALYTICS, await readAnalyticsRules()] as const;
  const queries = [...(await Promise.all(rules)), analytics, ...questions].flatMap(([folder, asked]) =>
    Object.entries<AnalyticsRule | LogRule | Question>(asked).map(
      ([name, signals]) => [folder, name, signals] as const,
    ),
  );
  const faults = queries.flatMap(([folder, name, signals]) => {
    const file = `${folder}/${name}.kql`;
    const missing = signals.modules.filter((module) => !modules.includes(module));
    return [
      ...missing.map((module) => `${file} reads signals of ${module}, which is no module: delete it.`),
      ...(missing.length === 0 ? eventFaults(file, signals.query, events) : []),
    ];
  });
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return {
    ...([...RULE_FOLDERS, ANALYTICS].some(exists) && (await generateAlertRules())),
    ...(exists(DASHBOARDS) && (await generateDashboards())),
  };
}
