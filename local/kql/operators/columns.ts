import { refuse } from '../expressions/refuse.ts';
import { kindOf } from '../language/language-service.ts';
import { listed, part, simpleName } from '../language/syntax-node.ts';
import { columnValue, type ProjectedColumn, passAll, project } from '../relation.ts';
import { namedPart, resultColumns, type TabularOperator } from './operator.ts';

/** `project`: the columns that are named, in their order. */
export const projectOperator: TabularOperator = (node, input, scope) => {
  const rows = { relation: input };
  const parts = listed(node, 'Expressions').map(namedPart);
  const result = resultColumns(node);
  if (result.length !== parts.length) return refuse('this project', node);
  const columns = parts.map((each, at) => ({
    name: result[at]?.name ?? '',
    value: scope.query.expression(each.node, { ...scope, rows }),
  }));
  return project(rows.relation, columns);
};

/** `extend` and `serialize`: a column of a known name is replaced where it stands. */
export const extendOperator: TabularOperator = (node, input, scope) => {
  const rows = { relation: input };
  const parts = listed(node, 'Expressions').map(namedPart);
  const result = resultColumns(node);
  const known = new Set([...input.columns, ...parts].map(({ name }) => name));
  const unnamed = result.filter(({ name }) => !known.has(name));
  const computed = new Map<string, ProjectedColumn>();
  for (const { name, node: value } of parts) {
    if (name === undefined && kindOf(value) === 'NameReference') continue;
    const made = name ?? unnamed.shift()?.name ?? refuse('a column without a name', value);
    // An expression sees the columns before the operator, not those beside it.
    computed.set(made, { name: made, value: scope.query.expression(value, { ...scope, rows }) });
  }
  const before = new Map(passAll(input).map((column) => [column.name, column]));
  return project(
    rows.relation,
    result.map(({ name }) => computed.get(name) ?? before.get(name) ?? refuse(`the column ${name}`, node)),
  );
};

/** `project-away`, `project-keep` and `project-reorder`: the language service has read the names and patterns. */
export const selectOperator: TabularOperator = (node, input) => {
  const columns = new Map(passAll(input).map((column) => [column.name, column]));
  const kept = resultColumns(node).map(({ name }) => columns.get(name) ?? refuse(`the column ${name}`, node));
  return kept.length === 0 ? refuse('a result without columns', node) : project(input, kept);
};

/** `project-rename` */
export const renameOperator: TabularOperator = (node, input) => {
  const renamed = new Map<string, string>();
  for (const each of listed(node, 'Expressions')) {
    const { name, node: old } = namedPart(each);
    if (name === undefined || kindOf(old) !== 'NameReference') return refuse('this project-rename', each);
    renamed.set(simpleName(old), name);
  }
  return project(
    input,
    input.columns.map((column) => ({ name: renamed.get(column.name) ?? column.name, value: columnValue(column) })),
  );
};

/** `distinct` */
export const distinctOperator: TabularOperator = (node, input, scope) => {
  const rows = { relation: input };
  const parts = listed(node, 'Expressions');
  const star = parts.length === 1 && parts[0] && kindOf(parts[0]) === 'StarExpression';
  const result = resultColumns(node);
  const values = star
    ? passAll(input)
    : parts.map((each, at) => ({
        name: result[at]?.name ?? '',
        value: scope.query.expression(namedPart(each).node, { ...scope, rows }),
      }));
  if (values.some(({ value }) => value.type === 'dynamic')) return refuse('distinct of dynamic', node);
  const { from, columns } = project({ ...rows.relation, order: [] }, values);
  return { from: `(SELECT DISTINCT * FROM ${from})`, columns, order: [], serialized: false };
};

/** `getschema` */
export const schemaOperator: TabularOperator = (_node, input) => {
  const systemTypes: Readonly<Record<string, string>> = {
    bool: 'System.SByte',
    int: 'System.Int32',
    long: 'System.Int64',
    real: 'System.Double',
    string: 'System.String',
    datetime: 'System.DateTime',
    timespan: 'System.TimeSpan',
    dynamic: 'System.Object',
    guid: 'System.Guid',
    decimal: 'System.Data.SqlTypes.SqlDecimal',
  };
  const rows = input.columns.map(
    ({ name, type }, at) => `('${name.replaceAll("'", "''")}', ${at}::BIGINT, '${systemTypes[type]}', '${type}')`,
  );
  const names = ['ColumnName', 'ColumnOrdinal', 'DataType', 'ColumnType'];
  const columns = names.map((name) => ({
    name,
    id: name,
    type: name === 'ColumnOrdinal' ? ('long' as const) : ('string' as const),
  }));
  const empty = rows.length === 0 ? ' LIMIT 0' : '';
  const list = rows.length === 0 ? "('', 0::BIGINT, '', '')" : rows.join(', ');
  return {
    from: `(SELECT * FROM (VALUES ${list}) AS s("${names.join('", "')}")${empty})`,
    columns,
    order: [],
    serialized: false,
  };
};

/** `as`: its name is bound by the pipe, so that later parts of the query know it. */
export const asName = (node: Parameters<TabularOperator>[0]): string => simpleName(part(node, 'Name'));
