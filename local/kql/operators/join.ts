import { columnIds } from '../column-ids.ts';
import { refuse, refuseValue } from '../expressions/refuse.ts';
import { kindOf } from '../language/language-service.ts';
import { listed, maybePart, part, type SyntaxNode, simpleName } from '../language/syntax-node.ts';
import { columnSql, type Relation, type RelationColumn } from '../relation.ts';
import { isNumber } from '../sql-expression.ts';
import { quoteName } from '../sql-text.ts';
import { parametersOf, resultColumns, type TabularOperator } from './operator.ts';

interface KeyPair {
  readonly left: RelationColumn;
  readonly right: RelationColumn;
}

/** `$left.a` or `$right.a`; undefined for anything else. */
function sideColumn(node: SyntaxNode): { side: string; name: string } | undefined {
  if (kindOf(node) !== 'PathExpression' || kindOf(part(node, 'Expression')) !== 'NameReference') return undefined;
  const side = simpleName(part(node, 'Expression'));
  const selector = part(node, 'Selector');
  return kindOf(selector) === 'NameReference' ? { side, name: simpleName(selector) } : undefined;
}

function keyPairs(node: SyntaxNode, left: Relation, right: Relation): KeyPair[] {
  const find = ({ columns }: Relation, name: string) =>
    columns.find((each) => each.name === name) ?? refuse(`the key ${name}`, node);
  switch (kindOf(node)) {
    case 'ParenthesizedExpression':
      return keyPairs(part(node, 'Expression'), left, right);
    case 'AndExpression':
      return [...keyPairs(part(node, 'Left'), left, right), ...keyPairs(part(node, 'Right'), left, right)];
    case 'NameReference':
      return [{ left: find(left, simpleName(node)), right: find(right, simpleName(node)) }];
    case 'EqualExpression': {
      const sides = [sideColumn(part(node, 'Left')), sideColumn(part(node, 'Right'))];
      const [a, b] = ['$left', '$right'].map((side) => sides.find((each) => each?.side === side)?.name);
      if (a === undefined || b === undefined) return refuse('this condition of a join', node);
      return [{ left: find(left, a), right: find(right, b) }];
    }
    default:
      return refuse('this condition of a join', node);
  }
}

/** One pair as a condition. Whether null keys meet in Azure is not known, so that the query stops at one on the right. */
function matches({ left, right }: KeyPair, node: SyntaxNode): string {
  const comparable = left.type === right.type || (isNumber({ sql: '', ...left }) && isNumber({ sql: '', ...right }));
  if (!comparable || left.type === 'dynamic') return refuse(`a join of ${left.type} with ${right.type}`, node);
  const [a, b] = [`l.${columnSql(left)}`, `r.${columnSql(right)}`];
  return `${a} = ${b}`;
}

/** A side of a join whose keys are never null, or the query stops. */
function withoutNullKeys(relation: Relation, keys: readonly RelationColumn[]): string {
  const checked = keys.filter(({ type }) => type !== 'string');
  if (checked.length === 0) return relation.from;
  const list = checked.map((key) => {
    const sql = columnSql(key);
    const kind =
      key.type === 'bool' ? 'BOOLEAN' : key.type === 'guid' ? 'UUID' : key.type === 'real' ? 'DOUBLE' : 'BIGINT';
    return `CASE WHEN ${sql} IS NULL THEN ${refuseValue('a join by null')}::${kind} ELSE ${sql} END AS ${sql}`;
  });
  return `(SELECT * REPLACE (${list.join(', ')}) FROM ${relation.from})`;
}

const kinds: Readonly<Record<string, string>> = {
  inner: 'INNER',
  innerunique: 'INNER',
  leftouter: 'LEFT',
  rightouter: 'RIGHT',
  fullouter: 'FULL',
  leftanti: 'ANTI',
  anti: 'ANTI',
  leftantisemi: 'ANTI',
  leftsemi: 'SEMI',
};
const mirrored: Readonly<Record<string, string>> = { rightanti: 'ANTI', rightantisemi: 'ANTI', rightsemi: 'SEMI' };

const filled = (side: 'l' | 'r', column: RelationColumn, maybeMissing: boolean) => {
  const sql = `${side}.${columnSql(column)}`;
  return maybeMissing && column.type === 'string' ? `coalesce(${sql}, '')` : sql;
};

/** The sides of a join and its pairs of keys. */
function prepared(node: SyntaxNode, clauseName: string, left: Relation, scope: Parameters<TabularOperator>[2]) {
  const right = scope.query.table(part(node, 'Expression'), { query: scope.query, bindings: scope.bindings });
  const clause = maybePart(node, clauseName);
  if (!clause) return refuse('a join without on', node);
  const pairs = listed(clause, 'Expressions').flatMap((each) => keyPairs(each, left, right));
  const on = pairs.map((pair) => matches(pair, node)).join(' AND ');
  return {
    right,
    pairs,
    on,
    rightFrom: withoutNullKeys(
      right,
      pairs.map((pair) => pair.right),
    ),
  };
}

function made(node: SyntaxNode, values: readonly { sql: string; column: RelationColumn }[], from: string): Relation {
  const result = resultColumns(node);
  if (result.length !== values.length) return refuse('the columns of this join', node);
  const ids = columnIds(result.map(({ name }) => name));
  return {
    from: `(SELECT ${values.map(({ sql }, at) => `${sql} AS ${quoteName(ids[at] ?? '')}`).join(', ')} FROM ${from})`,
    columns: values.map(({ column }, at) => ({ name: result[at]?.name ?? '', id: ids[at] ?? '', type: column.type })),
    order: [],
    serialized: false,
  };
}

/** `join` of every kind. Without one it is innerunique: of left rows with one key, one takes part. */
export const joinOperator: TabularOperator = (node, left, scope) => {
  const kind = parametersOf(node, ['kind']).get('kind') ?? 'innerunique';
  const { right, pairs, on, rightFrom } = prepared(node, 'ConditionClause', left, scope);
  const all = (side: 'l' | 'r', { columns }: Relation, missing: boolean) =>
    columns.map((column) => ({ column, sql: filled(side, column, missing) }));
  const other = mirrored[kind];
  if (other) return made(node, all('r', right, false), `${rightFrom} AS r ${other} JOIN ${left.from} AS l ON ${on}`);
  const join = kinds[kind] ?? refuse(`join kind=${kind}`, node);
  if (join === 'ANTI' || join === 'SEMI')
    return made(node, all('l', left, false), `${left.from} AS l ${join} JOIN ${rightFrom} AS r ON ${on}`);
  const keys = [...new Set(pairs.map((pair) => columnSql(pair.left)))].join(', ');
  const leftFrom = kind === 'innerunique' ? `(SELECT DISTINCT ON (${keys}) * FROM ${left.from})` : left.from;
  const values = [
    ...all('l', left, join === 'RIGHT' || join === 'FULL'),
    ...all('r', right, join === 'LEFT' || join === 'FULL'),
  ];
  return made(node, values, `${leftFrom} AS l ${join} JOIN ${rightFrom} AS r ON ${on}`);
};

/** `lookup`: the columns of the right but its keys. */
export const lookupOperator: TabularOperator = (node, left, scope) => {
  const kind = parametersOf(node, ['kind']).get('kind') ?? 'leftouter';
  if (kind !== 'leftouter' && kind !== 'inner') return refuse(`lookup kind=${kind}`, node);
  const { right, pairs, on, rightFrom } = prepared(node, 'LookupClause', left, scope);
  const keys = new Set(pairs.map((pair) => pair.right.id));
  const values = [
    ...left.columns.map((column) => ({ column, sql: filled('l', column, false) })),
    ...right.columns.filter(({ id }) => !keys.has(id)).map((column) => ({ column, sql: filled('r', column, true) })),
  ];
  return made(node, values, `${left.from} AS l ${kind === 'inner' ? 'INNER' : 'LEFT'} JOIN ${rightFrom} AS r ON ${on}`);
};
