import { convert } from '../expressions/convert.ts';
import { refuse } from '../expressions/refuse.ts';
import { kindOf } from '../language/language-service.ts';
import { listed, part, type SyntaxNode, simpleName, sourceText, toArray, tokenText } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import { columnValue, project, type Relation } from '../relation.ts';
import { isKqlType, isNumber, type KqlType } from '../sql-expression.ts';

/** A tabular operator: what stands before the bar comes in; a source such as `print` has nothing before it. */
export type TabularOperator = (node: SyntaxNode, input: Relation, scope: QueryScope) => Relation;
export type TabularSource = (node: SyntaxNode, scope: QueryScope) => Relation;

export interface ResultColumn {
  readonly name: string;
  readonly type: KqlType;
}

/** The columns that the language service gives the result of an operator. */
export function resultColumns(node: SyntaxNode): ResultColumn[] {
  return toArray(node.ResultType?.Columns).map(({ Name, Type }) => {
    const type = Type?.Name ?? 'unknown';
    return { name: Name, type: isKqlType(type) ? type : refuse(`a column of type ${type}`, node) };
  });
}

/** The table with exactly the columns that the language service names: a difference is a fault of ours, so it is refused. */
export function settled(node: SyntaxNode, relation: Relation): Relation {
  const wanted = resultColumns(node);
  const { columns } = relation;
  if (wanted.length !== columns.length || wanted.some(({ name }, at) => columns[at]?.name !== name))
    return refuse(`the columns of this ${kindOf(node)}`, node);
  if (wanted.every(({ type }, at) => columns[at]?.type === type)) return relation;
  const made = wanted.map(({ name, type }, at) => {
    const column = columns[at];
    const value = column && columnValue(column);
    const fits = value && (value.type === type || (isNumber(value) && type !== 'int'));
    const converted = fits ? convert(value, type) : undefined;
    return { name, value: converted ?? refuse(`${column?.type} where ${type} is expected, in ${name}`, node) };
  });
  return project(relation, made);
}

/** Parameters of an operator, such as `kind=inner`; hints to Azure's optimizer are left out. */
export function parametersOf(node: SyntaxNode, known: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const parameter of listed(node, 'Parameters')) {
    const name = simpleName(part(parameter, 'Name'));
    if (name.startsWith('hint.')) continue;
    if (!known.includes(name)) refuse(`${name}=`, parameter);
    const value = part(parameter, 'Expression');
    found.set(name, kindOf(value) === 'NameDeclaration' ? simpleName(value) : sourceText(value));
  }
  return found;
}

/** A name and what is computed for it. */
export interface NamedPart {
  readonly name: string | undefined;
  readonly node: SyntaxNode;
}

export const namedPart = (node: SyntaxNode): NamedPart => {
  if (kindOf(node) === 'SimpleNamedExpression')
    return { name: simpleName(part(node, 'Name')), node: part(node, 'Expression') };
  return kindOf(node) === 'CompoundNamedExpression'
    ? refuse('several names for one expression', node)
    : { name: undefined, node };
};

/** Direction and place of nulls: descending with nulls last, ascending with nulls first. */
export function ordering(node: SyntaxNode): { value: SyntaxNode; descending: boolean; nullsFirst: boolean } {
  if (kindOf(node) !== 'OrderedExpression') return { value: node, descending: true, nullsFirst: false };
  const clause = part(node, 'Ordering') as SyntaxNode & {
    AscOrDescKeyword?: { Text: string };
    NullsClause?: SyntaxNode;
  };
  const descending = clause.AscOrDescKeyword?.Text !== 'asc';
  const nulls = clause.NullsClause && tokenText(clause.NullsClause, 'FirstOrLastKeyword');
  return { value: part(node, 'Expression'), descending, nullsFirst: nulls ? nulls === 'first' : !descending };
}
