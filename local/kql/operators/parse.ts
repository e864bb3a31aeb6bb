import { convert } from '../expressions/convert.ts';
import { refuse } from '../expressions/refuse.ts';
import { escapePattern } from '../expressions/text-match.ts';
import { captureGroups } from '../functions/patterns.ts';
import { kindOf } from '../language/language-service.ts';
import { listed, maybePart, part, type SyntaxNode, simpleName, tokenText } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import { narrowed, passAll, project, type Relation, withHidden } from '../relation.ts';
import { expression, type KqlType, nothing, type SqlExpression, typeByName } from '../sql-expression.ts';
import { quoteText } from '../sql-text.ts';
import { parametersOf, resultColumns, type TabularOperator } from './operator.ts';

interface Parsed {
  readonly name: string;
  readonly type: KqlType;
}
type Piece = { readonly star: true } | { readonly text: string } | Parsed;

function readPiece(node: SyntaxNode, scope: QueryScope): Piece {
  switch (kindOf(node)) {
    case 'StarExpression':
      return { star: true };
    case 'NameDeclaration':
      return { name: simpleName(node), type: 'string' };
    case 'NameAndTypeDeclaration': {
      const name = tokenText(part(node, 'Type'), 'Type');
      return { name: simpleName(part(node, 'Name')), type: typeByName(name) ?? refuse(`the type ${name}`, node) };
    }
    default: {
      const value = scope.query.expression(node, scope).constant?.value;
      return typeof value === 'string' ? { text: value } : refuse('a pattern that is no constant', node);
    }
  }
}

const NUMBERS: Partial<Record<KqlType, string>> = {
  int: String.raw`-?\d+`,
  long: String.raw`-?\d+`,
  real: String.raw`-?\d+(?:\.\d+)?`,
};

/** What a column takes: up to the next text the least, at the end all. A number before `*` takes its digits. */
function takesUp({ type }: Parsed, next: Piece | undefined, regex: boolean, node: SyntaxNode): string {
  const number = NUMBERS[type];
  if (number && (regex || (next && 'star' in next))) return `(${number})`;
  if (next && !('text' in next)) return refuse(`a column of type ${type} before * or another column`, node);
  return next && !regex ? '(.*?)' : '(.*)';
}

/** The pattern as one regular expression, and what its groups are called: those of the query's own patterns too. */
function expressionOf(pieces: readonly Piece[], regex: boolean, node: SyntaxNode) {
  const groups: string[] = [];
  const body = pieces.map((piece, at) => {
    if ('star' in piece) return at === pieces.length - 1 && !regex ? '.*' : '.*?';
    if ('text' in piece) {
      if (!regex) return escapePattern(piece.text);
      for (let group = captureGroups(piece.text); group > 0; group--) groups.push(`own${groups.length}`);
      return piece.text;
    }
    groups.push(piece.name);
    return takesUp(piece, pieces[at + 1], regex, node);
  });
  return { groups, body: `^${body.join('')}$` };
}

function flagsOf(parameters: ReadonlyMap<string, string>, regex: boolean, node: SyntaxNode): string {
  const flags = parameters.get('flags') ?? '';
  if (!/^[Uims]*$/.test(flags) || (flags !== '' && !regex)) return refuse(`flags=${flags}`, node);
  return regex ? flags : 's';
}

interface Found {
  readonly relation: Relation;
  readonly columns: ReadonlyMap<string, SqlExpression>;
  /** Whether the whole pattern was found, with every type. */
  readonly all: string;
}

function find(node: SyntaxNode, input: Relation, scope: QueryScope): Found {
  const parameters = parametersOf(node, ['kind', 'flags']);
  const kind = parameters.get('kind') ?? 'simple';
  if (!['simple', 'regex', 'relaxed'].includes(kind)) return refuse(`kind=${kind}`, node);
  const rows = { relation: input };
  const source = scope.query.expression(part(node, 'Expression'), { ...scope, rows });
  const text = convert(source, 'string') ?? refuse(`parse of ${source.type}`, node);
  const pieces = listed(node, 'Patterns').map((each) => readPiece(each, scope));
  const { groups, body } = expressionOf(pieces, kind === 'regex', node);
  const flags = flagsOf(parameters, kind === 'regex', node);
  const pattern = quoteText(flags ? `(?${flags})${body}` : body);
  const { query } = scope;
  // A search that fails gives empty texts, like one that found nothing between two others.
  const matched = withHidden(
    rows,
    query.fresh('__matched'),
    expression('bool', `regexp_matches(${text.sql}, ${pattern})`),
  );
  const ids = groups.map((_, at) => `g${at}`);
  const list = ids.map((id) => `'${id}'`).join(', ');
  const struct = withHidden(
    rows,
    query.fresh('__parsed'),
    expression('string', `regexp_extract(${text.sql}, ${pattern}, [${list}])`),
  );
  const made = pieces.flatMap((piece) => {
    if (!('name' in piece)) return [];
    const raw = expression('string', groups.length === 0 ? "''" : `${struct.sql}.g${groups.indexOf(piece.name)}`);
    const typed =
      piece.type === 'string'
        ? raw
        : withHidden(rows, query.fresh('__typed'), convert(raw, piece.type) ?? refuse(`parse to ${piece.type}`, node));
    return [{ piece, typed }];
  });
  const typedFound = made.filter(({ piece }) => piece.type !== 'string').map(({ typed }) => `${typed.sql} IS NOT NULL`);
  const all = [matched.sql, ...(kind === 'relaxed' ? [] : typedFound)].join(' AND ');
  const columns = made.map(({ piece, typed }): [string, SqlExpression] => [
    piece.name,
    expression(piece.type, `CASE WHEN ${all} THEN ${typed.sql} ELSE ${nothing(piece.type)} END`),
  ]);
  return { relation: rows.relation, columns: new Map(columns), all };
}

/** `parse` and `parse-where`, which keeps the rows that the pattern fits. */
export const parseOperator: TabularOperator = (node, input, scope) => {
  if (maybePart(node, 'Patterns') === undefined) return refuse('parse without a pattern', node);
  const { relation, columns, all } = find(node, input, scope);
  const before = new Map(passAll(input).map((column) => [column.name, column.value]));
  const kept = kindOf(node) === 'ParseWhereOperator' ? narrowed(relation, `WHERE ${all}`) : relation;
  const values = resultColumns(node).map(({ name }) => ({
    name,
    value: columns.get(name) ?? before.get(name) ?? refuse(`the column ${name}`, node),
  }));
  return project(kept, values);
};
