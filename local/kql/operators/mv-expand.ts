import { refuse } from '../expressions/refuse.ts';
import { passAll, project, type Relation } from '../relation.ts';
import { readExpansion, unnestSql } from './expansion.ts';
import { resultColumns, type TabularOperator } from './operator.ts';

/** `mv-expand`: several columns are expanded side by side, the shorter ones padded with null. */
export const mvExpandOperator: TabularOperator = (node, input, scope) => {
  const expansion = readExpansion(node, input, scope);
  const { unnested, columns, place } = unnestSql(expansion, '', node, scope);
  const { relation } = expansion;
  const spread: Relation = {
    ...relation,
    from: `(SELECT *, ${unnested} FROM ${relation.from})`,
    // The elements of a row stay in their order.
    order:
      relation.order.length > 0
        ? [...relation.order, { id: place, type: 'long', descending: false, nullsFirst: true }]
        : [],
  };
  const before = new Map(passAll(input).map(({ name, value }) => [name, value]));
  const values = resultColumns(node).map(({ name }) => ({
    name,
    value: columns.get(name) ?? before.get(name) ?? refuse(`the column ${name}`, node),
  }));
  return project(spread, values);
};
