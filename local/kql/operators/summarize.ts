import { aggregateColumns } from '../aggregates/aggregate-functions.ts';
import { columnIds } from '../column-ids.ts';
import { refuse } from '../expressions/refuse.ts';
import { listed, maybePart } from '../language/syntax-node.ts';
import { quoteName } from '../sql-text.ts';
import { namedPart, parametersOf, resultColumns, type TabularOperator } from './operator.ts';

/** `summarize`: a row for each group; without groups one row, also of no rows. */
export const summarizeOperator: TabularOperator = (node, input, scope) => {
  parametersOf(node, []);
  const rows = { relation: input };
  const by = maybePart(node, 'ByClause');
  const inside = { ...scope, rows };
  const keys = (by ? listed(by, 'Expressions') : []).map((each) =>
    scope.query.expression(namedPart(each).node, inside),
  );
  const dynamic = keys.find(({ type }) => type === 'dynamic');
  if (dynamic) return refuse('summarize by dynamic', node);
  const values = listed(node, 'Aggregates').flatMap((each) =>
    aggregateColumns(namedPart(each).node, { ...inside, groupedBy: keys }, keys),
  );
  const result = resultColumns(node);
  const all = [...keys, ...values];
  if (result.length !== all.length) return refuse('the columns of this summarize', node);
  const ids = columnIds(result.map(({ name }) => name));
  const list = all.map(({ sql }, at) => `${sql} AS ${quoteName(ids[at] ?? '')}`);
  // By place: a constant in GROUP BY would be a place itself.
  const groups = keys.length > 0 ? ` GROUP BY ${keys.map((_, at) => at + 1).join(', ')}` : '';
  return {
    from: `(SELECT ${list.join(', ')} FROM ${rows.relation.from}${groups})`,
    columns: result.map(({ name }, at) => ({ name, id: ids[at] ?? name, type: all[at]?.type ?? 'string' })),
    order: [],
    serialized: false,
  };
};
