import type { KqlVerdict } from './check-kql.ts';
import type { Resource, Snapshot } from './predictions.ts';
import { nameRules } from './resource-names.ts';
import { analyticsRuleFaults, unnamedNeeds } from './security-needs.ts';
import { type Template, templateOrder } from './template-order.ts';

interface Rehearsal {
  snapshot: Snapshot;
  template: Template;
  checkKql(query: string): KqlVerdict;
}

interface QueryCriterion {
  query: string;
  metricMeasureColumn?: string | null;
  dimensions: { name: string }[];
}

const ROLE_DEFINITION = /\/providers\/Microsoft\.Authorization\/roleDefinitions\/[0-9a-f-]{36}$/;
const METRIC_TYPES: Readonly<Record<string, string>> = {
  'microsoft.insights/components': 'microsoft.insights/components',
  'microsoft.servicebus/namespaces': 'microsoft.servicebus/namespaces',
  'microsoft.app/containerapps': 'microsoft.app/containerapps',
};

/** Every id in the text of a resource but its own: what it is attached to and what it refers to. */
const idsIn = (resource: Resource): string[] => {
  const found = JSON.stringify(resource).match(/\/subscriptions\/[^"',\\\])]+/g) ?? [];
  const isSubscription = (id: string) => /^\/subscriptions\/[^/]+$/.test(id);
  return [...new Set(found)].filter(
    (id) => id !== resource.id && !id.startsWith(`${resource.id}/`) && !isSubscription(id),
  );
};

/** The ids above an id: the resource that a child or an extension belongs to. */
const parentOf = (id: string): string => {
  const extended = id.lastIndexOf('/providers/');
  if (extended < 0) return '';
  const [provider = '', ...rest] = id.slice(extended + '/providers/'.length).split('/');
  if (rest.length > 2) return `${id.slice(0, extended)}/providers/${provider}/${rest.slice(0, -2).join('/')}`;
  return id.slice(0, extended);
};

/** The resource that creates an id: itself, or for a subnet the network that declares it. */
const creatorOf = (id: string, byId: ReadonlyMap<string, Resource>): Resource | undefined => {
  const [, network = '', subnet] = /^(.+\/virtualNetworks\/[^/]+)\/subnets\/([^/]+)$/.exec(id) ?? [];
  const declared = byId.get(network)?.properties?.subnets as { name: string }[] | undefined;
  return byId.get(declared?.some(({ name }) => name === subnet) ? network : id);
};

const isAlertQuery = ({ type }: Resource) => type === 'Microsoft.Insights/scheduledQueryRules';

const queryFaults = (
  resource: Resource,
  byId: ReadonlyMap<string, Resource>,
  checkKql: Rehearsal['checkKql'],
): string[] => {
  const { scopes, criteria } = resource.properties as { scopes: string[]; criteria: { allOf: QueryCriterion[] } };
  const [scope] = scopes;
  const faults =
    scopes.length === 1 && byId.get(scope ?? '')?.type === 'Microsoft.OperationalInsights/workspaces'
      ? []
      : ['does not ask exactly one workspace'];
  for (const { query, metricMeasureColumn, dimensions } of criteria.allOf) {
    const { faults: said, columns } = checkKql(query);
    const needed = [...(metricMeasureColumn ? [metricMeasureColumn] : []), ...dimensions.map(({ name }) => name)];
    const absent = needed.filter((name) => !columns.some((column) => column.name === name));
    faults.push(...said, ...absent.map((name) => `its query has no column ${name}`));
  }
  return faults;
};

const metricFaults = ({ properties }: Resource, byId: ReadonlyMap<string, Resource>): string[] => {
  const { scopes, criteria } = properties as {
    scopes: string[];
    criteria: { allOf?: { metricNamespace: string; metricName: string }[] };
  };
  const types = scopes.map((id) => byId.get(id)?.type.toLowerCase());
  return (criteria.allOf ?? []).flatMap(({ metricNamespace, metricName }) =>
    types.every((type) => type === METRIC_TYPES[metricNamespace.toLowerCase()])
      ? []
      : [`the metric ${metricName} is not one of its scope`],
  );
};

/** What must be there before a resource: its parent, what it refers to, and the roles of the identities that it runs with. */
const neededBy = (resource: Resource, all: readonly Resource[]): string[] => {
  const parent = parentOf(resource.id);
  const identities = Object.keys(resource.identity?.userAssignedIdentities ?? {});
  const roles = all.filter(
    ({ type, properties }) =>
      type === 'Microsoft.Authorization/roleAssignments' &&
      identities.some((id) => String(properties?.principalId).includes(`${id}'`)),
  );
  return [
    ...new Set([
      ...(parent.includes('/resourceGroups/') ? [parent] : []),
      ...idsIn(resource),
      ...unnamedNeeds(resource),
      ...roles.map(({ id }) => id),
    ]),
  ];
};

/**
 * Walks a deployment without deploying: what is created when, whether everything that a resource needs exists and comes
 * before it, whether names are unique and valid, whether alerts fit what they watch. Never throws for a fault: it tells.
 */
export const rehearse = ({ snapshot, template, checkKql }: Rehearsal): { order: Resource[]; faults: string[] } => {
  const all = snapshot.predictedResources;
  const byId = new Map(all.map((resource) => [resource.id, resource]));
  const { declares, notAwaited } = templateOrder(template);
  const faults: string[] = [];
  const needs = new Map<string, string[]>();
  if (byId.size !== all.length) faults.push('two resources have the same id');

  for (const resource of all) {
    const tell = (fault: string) => faults.push(`${resource.type} ${resource.name}: ${fault}`);
    if (!nameRules[resource.type.toLowerCase()]?.test(resource.name)) tell('is not a name that Azure takes');
    if (!declares(resource)) tell('is not in the compiled template');
    const existing: Resource[] = [];
    for (const id of neededBy(resource, all)) {
      const other = creatorOf(id, byId);
      if (!other) {
        if (!ROLE_DEFINITION.test(id)) tell(`needs ${id}, which no template creates`);
      } else {
        existing.push(other);
      }
    }
    // The group is where a nested deployment runs, so it precedes by nature.
    const created = existing.filter(({ type }) => type !== 'Microsoft.Resources/resourceGroups');
    for (const { type, name } of notAwaited(resource, created)) tell(`needs ${type} ${name} and does not wait for it`);
    needs.set(
      resource.id,
      existing.map(({ id }) => id),
    );
    if (isAlertQuery(resource)) queryFaults(resource, byId, checkKql).forEach(tell);
    if (resource.type === 'Microsoft.SecurityInsights/alertRules')
      analyticsRuleFaults(resource, checkKql).forEach(tell);
    if (resource.type === 'Microsoft.Insights/metricAlerts') metricFaults(resource, byId).forEach(tell);
    const principal = /reference\('([^']+)'/.exec(String(resource.properties?.principalId ?? ''))?.[1];
    // A group of people is made in Entra, not here.
    const ofPeople = resource.properties?.principalType === 'Group';
    if (resource.properties && 'principalId' in resource.properties && !ofPeople && !byId.has(principal ?? ''))
      tell('gives a role to no identity');
  }

  const order: Resource[] = [];
  const created = new Set<string>();
  for (let before = -1; before !== created.size; ) {
    before = created.size;
    for (const resource of all) {
      if (created.has(resource.id) || !needs.get(resource.id)?.every((id) => created.has(id))) continue;
      created.add(resource.id);
      order.push(resource);
    }
  }
  for (const { id, name } of all) if (!created.has(id)) faults.push(`${name} waits for something that waits for it`);
  return { order, faults };
};
