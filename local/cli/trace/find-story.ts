import type { Row } from '../../application-insights/index.ts';
import { propertiesOf } from '../rows/describe-row.ts';

/** Shorter beginnings of an id would name too much. */
const SHORTEST_BEGINNING = 6;
const mostRounds = 5;
/** A property that holds an id: `messageId`, `messaging.message.id`, a business's own `orderId`. */
const holdsId = /(?:^id|[a-z]Id|[._-]id)$/;
/** Ids by which rows of other operations belong to the same story. */
const connecting = ['correlationId', 'messageId', 'messaging.message.id'];

/**
 * The rows of what `id` names: an operation, a correlation, a message or anything else that a property calls an id, whole or
 * by its beginning. With them come the other rows of the same operations, of the same correlation and messages, and what is
 * linked to them, which is how the SDK connects a message with its sender at level 1. Oldest first.
 */
export function findStory(tables: Iterable<readonly Row[]>, id: string): Row[] {
  const rows = [...tables].flat();
  const names = (value: unknown) =>
    typeof value === 'string' && (value === id || (id.length >= SHORTEST_BEGINNING && value.startsWith(id)));
  const found = new Set(rows.filter((row) => names(row.OperationId) || idsOf(row).some(names)));
  for (let round = 0; round < mostRounds; round++) {
    const before = found.size;
    const operations = new Set([...found].flatMap(({ OperationId }) => OperationId ?? []));
    const connected = new Set([...found].flatMap(connectingIds));
    for (const row of rows) {
      const belongs =
        operations.has(row.OperationId ?? '') ||
        connectingIds(row).some((each) => connected.has(each)) ||
        linksOf(row).some(({ operation }) => operations.has(operation));
      if (belongs) found.add(row);
    }
    if (found.size === before) break;
  }
  return [...found].sort((a, b) => (a.TimeGenerated < b.TimeGenerated ? -1 : 1));
}

/** What leads from these rows to the others of their story: operations, and the ids that connect. */
export const leadsOf = (rows: readonly Row[]): string[] => [
  ...new Set(rows.flatMap((row) => [row.OperationId ?? [], connectingIds(row)].flat())),
];

const idsOf = (row: Row): string[] =>
  Object.entries(propertiesOf(row))
    .filter(([name]) => holdsId.test(name))
    .map(([, value]) => value);

const connectingIds = (row: Row): string[] => {
  const properties = propertiesOf(row);
  return connecting.flatMap((name) => properties[name] || []);
};

/** The spans that a row is linked to, as the exporter writes them. */
export function linksOf(row: Row): { operation: string; id: string }[] {
  try {
    const links = JSON.parse(propertiesOf(row)['_MS.links'] ?? '[]') as { operation_Id: string; id: string }[];
    return links.map(({ operation_Id, id }) => ({ operation: operation_Id, id }));
  } catch {
    return [];
  }
}
