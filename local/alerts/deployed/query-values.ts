import type { DeployedConfiguration } from './configuration.ts';

/** The queues and topics of `infra/queues.json`, as far as rules depend on them. */
export interface DeployedEntities {
  queues: Readonly<Record<string, EntityInFile>>;
  topics: Readonly<Record<string, EntityInFile>>;
}
interface EntityInFile {
  requiresDuplicateDetection?: boolean | undefined;
  duplicateDetectionHistoryTimeWindow?: string | undefined;
}

/** What stands in a query as `{{slo.latencyMs}}`, by name: the same that `infra/main.bicep` gives to `fill`. */
export const queryValues = (
  { slo, cost }: DeployedConfiguration,
  entities: DeployedEntities,
  roles: readonly string[],
): Record<string, string> => ({
  ...inSection('slo', slo),
  ...inSection('cost', cost),
  'queues.duplicateWindow': duplicateWindow(entities),
  'service.roles': roles.map((role) => `"${role}"`).join(', '),
});

const inSection = (section: string, values: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`${section}.${key}`, String(value)]));

/** Puts values in the place of their names in double braces. Throws for a name that is not among them. */
export function fillQuery(query: string, values: Readonly<Record<string, string>>): string {
  const filled = Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{{${name}}}`, value), query);
  const unknown = /\{\{.*?\}\}/.exec(filled)?.[0];
  if (unknown) throw new Error(`A query names ${unknown}, which observability.json does not have`);
  return filled;
}

/** `duplicateWindow` of `infra/entities.bicep`. */
function duplicateWindow({ queues, topics }: DeployedEntities): string {
  const cases = Object.entries({ ...queues, ...topics })
    .filter(([, { requiresDuplicateDetection }]) => requiresDuplicateDetection)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, entity]) => `source == '${name}', ${timespan(entity.duplicateDetectionHistoryTimeWindow ?? 'PT10M')}, `,
    );
  return `case(isempty(source), 1s, ${cases.join('')}1s)`;
}

/** An ISO duration as KQL: `PT1H30M` is `1h+30m+0s`. */
const timespan = (duration: string): string =>
  `${duration.replaceAll(/[PT]/g, '').replaceAll(/[DHMS]/g, (unit) => `${unit.toLowerCase()}+`)}0s`;
