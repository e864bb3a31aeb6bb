import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventNameFaults } from './event-names.ts';
import { ALERT_RULES, type GeneratedFiles, generateAlertRules, readLogRules } from './generate-alert-rules.ts';
import { DASHBOARDS, generateDashboards, readQuestions } from './generate-dashboards.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const exists = (folder: string) => existsSync(join(ROOT, folder));

/**
 * What Bicep loads and the tables for people: made from the `.kql` files and the table of metric rules, without a
 * compiler. A module whose folder a team has deleted has no files. Throws when a query could never see a row: it reads
 * signals of a module that is not among `modules`, or an event that is not among `events`.
 */
export async function generateInfra(modules: readonly string[], events: readonly string[]): Promise<GeneratedFiles> {
  const queries = [
    ...(exists(ALERT_RULES) ? Object.entries(await readLogRules()).map((rule) => [ALERT_RULES, ...rule] as const) : []),
    ...(exists(DASHBOARDS)
      ? Object.entries(await readQuestions()).map((asked) => [DASHBOARDS, ...asked] as const)
      : []),
  ];
  const faults = queries.flatMap(([folder, name, signals]) => {
    const file = `${folder}/${name}.kql`;
    const missing = signals.modules.filter((module) => !modules.includes(module));
    return [
      ...missing.map((module) => `${file} reads signals of ${module}, which is no module: delete it.`),
      ...(missing.length === 0 ? eventNameFaults(file, signals.query, events) : []),
    ];
  });
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return {
    ...(exists(ALERT_RULES) && (await generateAlertRules())),
    ...(exists(DASHBOARDS) && (await generateDashboards())),
  };
}
