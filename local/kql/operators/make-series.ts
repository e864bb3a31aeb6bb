import { aggregateColumns } from '../aggregates/aggregate-functions.ts';
import { columnIds } from '../column-ids.ts';
import { convert } from '../expressions/convert.ts';
import { refuse } from '../expressions/refuse.ts';
import { kindOf } from '../language/language-service.ts';
import { listed, maybePart, part, type SyntaxNode } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import type { Relation } from '../relation.ts';
import { constant, expression, isNumber, type KqlType, type SqlExpression } from '../sql-expression.ts';
import { quoteName } from '../sql-text.ts';
import { namedPart, parametersOf, resultColumns, type TabularOperator } from './operator.ts';

/** The documented length of an array. */
const LONGEST = 1_048_576;

interface Axis {
  readonly type: KqlType;
  readonly value: SqlExpression;
  readonly step: SqlExpression;
  readonly from: SqlExpression | undefined;
  readonly to: SqlExpression | undefined;
}

function axisOf(node: SyntaxNode, rows: { relation: Relation }, scope: QueryScope): Axis {
  const value = scope.query.expression(namedPart(part(part(node, 'OnClause'), 'Expression')).node, { ...scope, rows });
  const range = part(node, 'RangeClause');
  if (kindOf(range) !== 'MakeSeriesFromToStepClause') return refuse('make-series in range()', range);
  const { type } = value;
  if (!['datetime', 'timespan', 'int', 'long'].includes(type)) return refuse(`make-series on ${type}`, node);
  const alone = { query: scope.query, bindings: scope.bindings };
  const read = (name: string, wanted: KqlType) => {
    const clause = maybePart(range, name);
    const made = clause && scope.query.expression(part(clause, 'Expression'), alone);
    if (made && made.type !== wanted && !(isNumber(made) && (wanted === 'long' || wanted === 'int')))
      return refuse(`${made.type} in make-series on ${type}`, range);
    return made;
  };
  const step = read('MakeSeriesStepClause', type === 'datetime' ? 'timespan' : type);
  if (!step?.constant || !(Number(step.constant.value) > 0))
    return refuse('make-series with a step that is no constant above zero', range);
  return { type, value, step, from: read('MakeSeriesFromClause', type), to: read('MakeSeriesToClause', type) };
}

interface Measured {
  readonly value: SqlExpression;
  readonly missing: string;
}

function measuresOf(node: SyntaxNode, inside: QueryScope, keys: readonly SqlExpression[]): Measured[] {
  return listed(node, 'Aggregates').map((each) => {
    const [value, ...more] = aggregateColumns(
      namedPart(part(each, 'Expression')).node,
      { ...inside, groupedBy: keys },
      keys,
    );
    if (!value || more.length > 0 || !isNumber(value)) return refuse('make-series of what is no number', each);
    const clause = maybePart(each, 'DefaultExpression');
    const given = clause ? inside.query.expression(part(clause, 'Expression'), inside) : constant('long', 0n);
    // A default of another kind of number keeps its own form beside the values.
    const missing =
      given.constant?.value === null
        ? 'NULL::JSON'
        : convert(isNumber(given) && value.type === 'real' ? (convert(given, 'real') ?? given) : given, 'dynamic')?.sql;
    return { value, missing: missing ?? refuse(`a default of type ${given.type}`, each) };
  });
}

/**
 * `make-series`: for each group an array of every measure, with the default where a bin has no row. Without `from` or `to`
 * a series begins and ends with its own first and last bin.
 */
export const makeSeriesOperator: TabularOperator = (node, input, scope) => {
  const nonempty = parametersOf(node, ['kind']).get('kind') === 'nonempty';
  const rows = { relation: input };
  const by = maybePart(node, 'ByClause');
  const inside = { ...scope, rows };
  const axis = axisOf(node, rows, scope);
  const keys = (by ? listed(by, 'Expressions') : []).map((each) =>
    scope.query.expression(namedPart(each).node, inside),
  );
  if (keys.some(({ type }) => type === 'dynamic')) return refuse('make-series by dynamic', node);
  if (nonempty && (keys.length > 0 || !axis.from || !axis.to))
    return refuse('make-series kind=nonempty with groups or without from and to', node);
  const measures = measuresOf(node, inside, keys);
  const result = resultColumns(node);
  if (result.length !== keys.length + measures.length + 1) return refuse('the columns of this make-series', node);
  const names = { bins: quoteName(scope.query.fresh('__bins')), grid: quoteName(scope.query.fresh('__grid')) };
  scope.query.shared.push(
    ...seriesTables({ axis, keys, measures, from: rows.relation.from, names, nonempty, rows: scope.query.limits.rows }),
  );
  const ids = columnIds(result.map(({ name }) => name));
  const axisJson = convert(expression(axis.type, 'slot'), 'dynamic')?.sql ?? 'slot';
  const list = [
    ...keys.map((_, at) => `k${at}`),
    ...measures.map((_, at) => `to_json(list(m${at} ORDER BY slot))`),
    `to_json(list(${axisJson} ORDER BY slot))`,
  ].map((sql, at) => `${sql} AS ${quoteName(ids[at] ?? '')}`);
  const groups = keys.length > 0 ? ` GROUP BY ${keys.map((_, at) => at + 1).join(', ')}` : ' HAVING count(*) > 0';
  return {
    from: `(SELECT ${list.join(', ')} FROM ${names.grid}${groups})`,
    columns: result.map(({ name }, at) => ({ name, id: ids[at] ?? name, type: keys[at]?.type ?? 'dynamic' })),
    order: [],
    serialized: false,
  };
};

/** Two tables: the bins that have rows, and every bin of every group with its values. */
function seriesTables(given: {
  axis: Axis;
  keys: readonly SqlExpression[];
  measures: readonly Measured[];
  from: string;
  names: { bins: string; grid: string };
  nonempty: boolean;
  rows: number;
}): string[] {
  const { axis, keys, measures, names } = given;
  const { value, step, from, to } = axis;
  const bin = from
    ? `${value.sql} - kql_modulo(${value.sql} - ${from.sql}, ${step.sql})`
    : `kql_bin(${value.sql}, ${step.sql})`;
  const kept = [
    `${value.sql} IS NOT NULL`,
    from && `${value.sql} >= ${from.sql}`,
    to && `${value.sql} < ${to.sql}`,
  ].filter(Boolean);
  const binned = [
    ...keys.map(({ sql }, at) => `${sql} AS k${at}`),
    `${bin} AS slot`,
    ...measures.map((each, at) => `${convert(each.value, 'dynamic')?.sql ?? each.value.sql} AS m${at}`),
  ];
  const bins = `${names.bins} AS MATERIALIZED (SELECT ${binned.join(', ')} FROM ${given.from} WHERE ${kept.join(' AND ')} GROUP BY ${[...keys, axis].map((_, at) => at + 1).join(', ')})`;
  const keyList = keys.map((_, at) => `k${at}`);
  const first = from?.sql ?? 'min(slot)';
  // The end is not a part of the series; without one it is behind the last bin.
  const end = to?.sql ?? `max(slot) + ${step.sql}`;
  const groups = given.nonempty
    ? `(SELECT ${first} AS low, ${end} AS high)`
    : `(SELECT ${[...keyList, `${first} AS low`, `${end} AS high`].join(', ')} FROM ${names.bins}${keys.length > 0 ? ` GROUP BY ${keyList.join(', ')}` : ' HAVING count(*) > 0'})`;
  const many = `(high - low + ${step.sql} - 1) // ${step.sql}`;
  const total = `sum(kql_generated(${many}, ${LONGEST})) OVER ()`;
  const counted = `(SELECT *, CASE WHEN ${total} > ${given.rows} THEN error('too many generated rows')::BIGINT ELSE ${many} END AS many FROM ${groups})`;
  const places = `(SELECT *, low + unnest(range(0, greatest(many, 0))) * ${step.sql} AS slot FROM ${counted})`;
  const joined = [...keyList, 'slot'].map((key) => `g.${key} IS NOT DISTINCT FROM b.${key}`).join(' AND ');
  const cells = measures.map((each, at) => `CASE WHEN b.slot IS NULL THEN ${each.missing} ELSE b.m${at} END AS m${at}`);
  const grid = `${names.grid} AS (SELECT ${[...keyList.map((key) => `g.${key}`), 'g.slot', ...cells].join(', ')} FROM ${places} AS g LEFT JOIN ${names.bins} AS b ON ${joined})`;
  return [bins, grid];
}
