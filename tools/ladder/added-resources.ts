import type { Resource, Snapshot } from '../bicep/predictions.ts';

const idsOf = (snapshot: Snapshot) => new Set(snapshot.predictedResources.map(({ id }) => id));

/** The resources of `upper` that `lower` does not ask for: what climbing adds, and what an ordinary way down leaves. */
export const addedResources = (lower: Snapshot, upper: Snapshot): Resource[] => {
  const known = idsOf(lower);
  return upper.predictedResources.filter(({ id }) => !known.has(id));
};

/** What a rule is called, without the environment of the predictions. */
const titleOf = (properties: Resource['properties']) => String(properties?.displayName).replace(/ \(snapshot\)$/, '');

/** A name that a reader finds again in the portal: tokens, GUIDs and the environment of the predictions say nothing. */
export const labelOf = ({ type, name, properties }: Resource): string => {
  const kind = type.slice(type.indexOf('/') + 1);
  const description = properties?.description;
  if (kind === 'roleAssignments' && typeof description === 'string')
    return `role: ${description.replaceAll(/-[a-z0-9]{13}\b/g, '').replace(/ (queue|topic) [\w.-]+\.$/, ' each $1.')}`;
  if (/^namespaces\/(queues|topics)/.test(kind)) return `${kind} of \`infra/queues.json\``;
  if (kind === 'alertRules') return `analytics rule "${titleOf(properties)}"`;
  if (kind === 'workbooks') return `workbook "${String(properties?.displayName)}"`;
  return `${kind} \`${name
    .replace(/-snapshot$/, '')
    .replaceAll(/-?[a-z0-9]{13}(?=\/|$)/g, '')
    .replace(/^\//, '')}\``;
};
