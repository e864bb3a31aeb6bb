import { columnIds } from '../column-ids.ts';
import { convert } from '../expressions/convert.ts';
import { refuse } from '../expressions/refuse.ts';
import { elements, listed, part, type SyntaxNode, simpleName, tokenText } from '../language/syntax-node.ts';
import {
  type ConstantValue,
  constant,
  isNumber,
  type KqlType,
  nothing,
  type SqlExpression,
  typeByName,
} from '../sql-expression.ts';
import { quoteName } from '../sql-text.ts';
import { namedPart, resultColumns, type TabularSource } from './operator.ts';

const unordered = { order: [], serialized: false };

/** `print` */
export const printSource: TabularSource = (node, scope) => {
  const parts = listed(node, 'Expressions').map(namedPart);
  const result = resultColumns(node);
  if (result.length !== parts.length) return refuse('this print', node);
  const values = parts.map((each) => scope.query.expression(each.node, scope));
  const ids = columnIds(result.map(({ name }) => name));
  return {
    from: `(SELECT ${values.map(({ sql }, at) => `${sql} AS ${quoteName(ids[at] ?? '')}`).join(', ')})`,
    columns: values.map(({ type }, at) => ({ name: result[at]?.name ?? '', id: ids[at] ?? '', type })),
    ...unordered,
  };
};

function readType(node: SyntaxNode): KqlType {
  const name = tokenText(node, 'Type');
  return typeByName(name) ?? refuse(`the type ${name}`, node);
}

/** A value of a datatable as its column's type. */
function cell(value: SqlExpression, type: KqlType, node: SyntaxNode): string {
  if (value.constant?.value === null) return nothing(type);
  if (value.type === 'string' && type === 'datetime' && value.constant)
    return (convert(value, 'datetime') ?? value).sql;
  const fits =
    value.type === type ||
    type === 'dynamic' ||
    (isNumber(value) && ['int', 'long', 'real', 'decimal'].includes(type)) ||
    value.type === 'dynamic';
  return (fits ? convert(value, type)?.sql : undefined) ?? refuse(`${value.type} in a column of ${type}`, node);
}

/** `datatable` */
export const datatableSource: TabularSource = (node, scope) => {
  const schema = listed(part(node, 'Schema'), 'Columns').map((column) => ({
    name: simpleName(part(column, 'Name')),
    type: readType(part(column, 'Type')),
  }));
  const nodes = elements(part(node, 'Values'));
  if (schema.length === 0 || nodes.length % schema.length !== 0)
    return refuse('a datatable whose last row is not full', node);
  const cells = nodes.map((each, at) =>
    cell(scope.query.expression(each, scope), schema[at % schema.length]?.type ?? 'string', each),
  );
  const rows = Array.from({ length: nodes.length / schema.length }, (_, row) =>
    cells.slice(row * schema.length, (row + 1) * schema.length),
  );
  const ids = columnIds(schema.map(({ name }) => name));
  const empty = rows.length === 0;
  const list = (empty ? [schema.map(({ type }) => nothing(type))] : rows)
    .map((row) => `(${row.join(', ')})`)
    .join(', ');
  return {
    from: `(SELECT * FROM (VALUES ${list}) AS data(${ids.map(quoteName).join(', ')})${empty ? ' LIMIT 0' : ''})`,
    columns: schema.map(({ name, type }, at) => ({ name, type, id: ids[at] ?? name })),
    ...unordered,
  };
};

/** A step of `range`: it may count down, and never stands still. */
function stepOf(step: SqlExpression, node: SyntaxNode): ConstantValue {
  const value = step.constant?.value ?? null;
  return value === null || Number(value) === 0 || Number.isNaN(Number(value))
    ? refuse('range with a step that is no constant', node)
    : value;
}

/**
 * Whole numbers from 0. As a table they stream and a query can be stopped; a list of them is built whole. Only a number that
 * another query computes has to come as a column.
 */
const counted = (count: string) =>
  count.includes('(SELECT')
    ? `(SELECT ${count} AS many) AS given, range(0, given.many) AS numbers(i)`
    : `range(0, ${count}) AS numbers(i)`;

/** `range x from a to b step s`: both ends included. */
export const rangeSource: TabularSource = (node, scope) => {
  const [from, to, step] = ['From', 'To', 'Step'].map((name) => scope.query.expression(part(node, name), scope));
  const [column] = resultColumns(node);
  if (!from || !to || !step || !column) return refuse('this range', node);
  const { type } = column;
  const name = simpleName(part(node, 'Name'));
  if (type === 'decimal' || type === 'dynamic' || type === 'string') return refuse(`a range of ${type}`, node);
  stepOf(step, node);
  const stepType: KqlType = type === 'datetime' ? 'timespan' : type;
  const [a, b, s] = [convert(from, type), convert(to, type), convert(step, stepType)].map(
    (each) => each?.sql ?? refuse(`a range of ${type}`, node),
  );
  const span = type === 'real' ? `floor((${b} - ${a}) / ${s} + '1e-9'::DOUBLE)::BIGINT` : `(${b} - ${a}) // ${s}`;
  // A difference below zero would be cut to 0 by whole division.
  const many = `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN 0 WHEN ${Number(step.constant?.value) > 0 ? `${b} < ${a}` : `${b} > ${a}`} THEN 0 ELSE ${span} + 1 END`;
  const count = `kql_generated(${many}, ${constant('long', BigInt(scope.query.limits.rows)).sql})`;
  const index = type === 'real' ? 'i::DOUBLE' : 'i';
  return {
    from: `(SELECT ${a} + ${index} * ${s} AS ${quoteName(name)} FROM ${counted(count)})`,
    columns: [{ name, id: name, type }],
    order: [{ id: name, type, descending: Number(step.constant?.value) < 0, nullsFirst: true }],
    serialized: true,
  };
};
