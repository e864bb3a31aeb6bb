import { dynamicElement } from '../expressions/dynamic-access.ts';
import { refuse, refuseValue } from '../expressions/refuse.ts';
import { kindOf } from '../language/language-service.ts';
import { listed, maybePart, part, type SyntaxNode, simpleName, tokenText } from '../language/syntax-node.ts';
import { passAll, project } from '../relation.ts';
import { type KqlType, type SqlExpression, typeByName } from '../sql-expression.ts';
import { quoteText } from '../sql-text.ts';
import { resultColumns, type TabularOperator } from './operator.ts';

/** The types of JSON that are a value of a type as they stand, and how DuckDB reads them. */
const slots: Partial<Record<KqlType, { json: readonly string[]; read: (value: string) => string; missing: string }>> = {
  string: { json: ['VARCHAR'], read: (value) => `json_extract_string(${value}, '$')`, missing: "''" },
  long: { json: ['BIGINT', 'UBIGINT'], read: (value) => `CAST(${value} AS BIGINT)`, missing: 'NULL::BIGINT' },
  real: {
    json: ['DOUBLE', 'BIGINT', 'UBIGINT'],
    read: (value) => `CAST(${value} AS DOUBLE)`,
    missing: 'NULL::DOUBLE',
  },
  bool: { json: ['BOOLEAN'], read: (value) => `CAST(${value} AS BOOLEAN)`, missing: 'NULL::BOOLEAN' },
};

/** A slot of the bag as a column. What Azure makes of a value of another type is not documented. */
function slotOf(bag: SqlExpression, name: string, type: KqlType, node: SyntaxNode): SqlExpression {
  const value = dynamicElement(bag, { sql: quoteText(name), type: 'string', constant: { value: name } }, node);
  if (type === 'dynamic') return value;
  const { json, read, missing } = slots[type] ?? refuse(`bag_unpack() into a column of type ${type}`, node);
  const given = value.sql;
  const fits = `json_type(${given}) IN (${json.map(quoteText).join(', ')})`;
  const refused = refuseValue(`a slot ${name} that is no ${type}`);
  const sql = `CASE WHEN ${given} IS NULL THEN ${missing} WHEN ${fits} THEN ${read(given)} ELSE ${refused} END`;
  return { sql, type };
}

function readColumn(node: SyntaxNode): [name: string, type: KqlType] {
  const type = tokenText(part(node, 'Type'), 'Type');
  return [simpleName(part(node, 'Name')), typeByName(type) ?? refuse(`the type ${type}`, node)];
}

/**
 * `evaluate bag_unpack(<column>) : (<columns>)`: with the columns that it makes, because without them they depend on the
 * rows, and what follows could not be bound. Every other plugin is refused.
 */
export const evaluateOperator: TabularOperator = (node, input, scope) => {
  const call = part(node, 'FunctionCall');
  const plugin = simpleName(part(call, 'Name'));
  if (plugin !== 'bag_unpack') return refuse(`evaluate ${plugin}()`, call);
  const [column, ...more] = listed(part(call, 'ArgumentList'), 'Expressions');
  if (!column || more.length > 0) return refuse('bag_unpack() with more than a column', call);
  const schema = maybePart(node, 'Schema');
  if (!schema) return refuse('bag_unpack() without its columns, as in ": (*, name: string)"', call);
  if (kindOf(column) !== 'NameReference') return refuse('bag_unpack() of more than a column', column);

  const bag = scope.query.expression(column, { ...scope, rows: { relation: input } });
  const declared = new Map(listed(part(schema, 'Schema'), 'Columns').map(readColumn));
  const taken = input.columns.find(({ name }) => declared.has(name) && name !== simpleName(column));
  if (taken) return refuse(`bag_unpack() into ${taken.name}, which is a column already`, schema);
  const before = new Map(passAll(input).map(({ name, value }) => [name, value]));
  const values = resultColumns(node).map(({ name }) => {
    const type = declared.get(name);
    const value = type ? slotOf(bag, name, type, schema) : before.get(name);
    return { name, value: value ?? refuse(`the column ${name}`, node) };
  });
  return project(input, values);
};
