import type { KqlVerdict } from './check-kql.ts';
import type { Resource } from './predictions.ts';

interface AlertRuleProperties {
  query: string;
  entityMappings: { fieldMappings: { columnName: string }[] }[];
}

interface CollectionRuleProperties {
  destinations: { logAnalytics: { workspaceResourceId: string }[] };
  dataFlows: { outputStream: string }[];
}

const tableNamesOf = ({ properties }: Resource): string[] => (properties as { tableNames: string[] }).tableNames;
const scopeOf = ({ id }: Resource): string => id.slice(0, id.lastIndexOf('/providers/'));
const parentOf = ({ id }: Resource): string => id.split('/').slice(0, -2).join('/');

/**
 * The ids that a resource of Microsoft Sentinel or of an export needs and does not name: Azure refuses a rule on a workspace
 * that is not onboarded, and a flow or an export of a custom table that is not there yet.
 */
export function unnamedNeeds(resource: Resource): string[] {
  switch (resource.type.toLowerCase()) {
    case 'microsoft.securityinsights/alertrules':
      return [`${scopeOf(resource)}/providers/Microsoft.SecurityInsights/onboardingStates/default`];
    case 'microsoft.insights/datacollectionrules': {
      const { destinations, dataFlows } = resource.properties as unknown as CollectionRuleProperties;
      return destinations.logAnalytics.flatMap(({ workspaceResourceId }) =>
        dataFlows.map(({ outputStream }) => `${workspaceResourceId}/tables/${outputStream.replace('Custom-', '')}`),
      );
    }
    case 'microsoft.operationalinsights/workspaces/dataexports':
      return tableNamesOf(resource)
        .filter((table) => table.endsWith('_CL'))
        .map((table) => `${parentOf(resource)}/tables/${table}`);
    default:
      return [];
  }
}

/** What is wrong with the query of an analytics rule, and with the columns that its entities are read from. */
export function analyticsRuleFaults({ properties }: Resource, checkKql: (query: string) => KqlVerdict): string[] {
  const { query, entityMappings } = properties as unknown as AlertRuleProperties;
  const { faults, columns } = checkKql(query);
  const needed = entityMappings.flatMap(({ fieldMappings }) => fieldMappings.map(({ columnName }) => columnName));
  const absent = needed.filter((name) => !columns.some((column) => column.name === name));
  return [...faults, ...absent.map((name) => `its query has no column ${name}`)];
}
