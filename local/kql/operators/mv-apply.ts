import { columnIds } from '../column-ids.ts';
import { refuse, refuseValue } from '../expressions/refuse.ts';
import { kindOf } from '../language/language-service.ts';
import { part, type SyntaxNode } from '../language/syntax-node.ts';
import { columnSql, project, type Relation } from '../relation.ts';
import { quoteName } from '../sql-text.ts';
import { readExpansion, unnestSql } from './expansion.ts';
import { resultColumns, type TabularOperator } from './operator.ts';

const AGGREGATES = new Set(['SummarizeOperator', 'CountOperator']);

/** Whether a pipe of operators makes a row of no rows. */
function summarizes(node: SyntaxNode): boolean {
  if (kindOf(node) !== 'PipeExpression') return AGGREGATES.has(kindOf(node));
  return summarizes(part(node, 'Operator')) || summarizes(part(node, 'Expression'));
}

/** `mv-apply`: a query for each row over the elements of its lists. */
export const mvApplyOperator: TabularOperator = (node, input, scope) => {
  const expansion = readExpansion(node, input, scope);
  const { query } = scope;
  const outer = query.fresh('__outer');
  const { unnested, columns, place } = unnestSql(expansion, `${outer}.`, node, scope);
  const subquery = part(part(node, 'Subquery'), 'Expression');
  const names = [...new Set([...input.columns.map(({ name }) => name), ...columns.keys()])];
  const elements: Relation = {
    from: `(SELECT ${[...input.columns.map((each) => `${outer}.${columnSql(each)} AS ${columnSql(each)}`), unnested].join(', ')})`,
    columns: input.columns,
    order: [{ id: place, type: 'long', descending: false, nullsFirst: true }],
    serialized: false,
  };
  const before = new Map(input.columns.map((each) => [each.name, { sql: columnSql(each), type: each.type }]));
  const spread = project(
    elements,
    names.map((name) => ({ name, value: columns.get(name) ?? before.get(name) ?? refuse(`the column ${name}`, node) })),
  );
  const applied = query.pipe(subquery, spread, { query, bindings: scope.bindings });
  return joined({ node, input, outer, expansion, applied, checked: summarizes(subquery) });
};

/** The columns of each row beside those of its query. */
function joined({
  node,
  input,
  outer,
  expansion,
  applied,
  checked,
}: {
  node: SyntaxNode;
  input: Relation;
  outer: string;
  expansion: ReturnType<typeof readExpansion>;
  applied: Relation;
  checked: boolean;
}): Relation {
  const replaced = new Set([...expansion.parts.map(({ name }) => name), expansion.index]);
  const result = resultColumns(node);
  const ids = columnIds(result.map(({ name }) => name));
  const values = result.map(({ name }) => {
    const inner = applied.columns.find((each) => each.name === name);
    const own = replaced.has(name) ? undefined : input.columns.find((each) => each.name === name);
    const column = own ?? inner ?? refuse(`the column ${name}`, node);
    return { type: column.type, sql: `${own ? outer : 'applied'}.${columnSql(column)}` };
  });
  const list = values.map(({ sql }, at) => `${sql} AS ${quoteName(ids[at] ?? '')}`).join(', ');
  const lists = expansion.parts.map(({ list: { sql } }) => `len(${sql}) = 0`).join(' AND ');
  // Whether Azure runs the query of an empty list, which would make a row of it, is not known.
  const guard = checked
    ? ` WHERE CASE WHEN ${lists} THEN ${refuseValue('mv-apply with summarize over an empty list')}::BOOLEAN ELSE true END`
    : '';
  const rows = `(SELECT * FROM ${expansion.relation.from}${guard})`;
  return {
    from: `(SELECT ${list} FROM ${rows} AS ${outer}, LATERAL (SELECT * FROM ${applied.from}) AS applied)`,
    columns: values.map(({ type }, at) => ({ name: result[at]?.name ?? '', id: ids[at] ?? '', type })),
    order: [],
    serialized: false,
  };
}
