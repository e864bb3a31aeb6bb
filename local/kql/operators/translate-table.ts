import { refuse } from '../expressions/refuse.ts';
import { inlineCall, insideCall } from '../functions/user-function.ts';
import { kindOf } from '../language/language-service.ts';
import { listed, maybePart, part, type SyntaxNode, simpleName, sourceText } from '../language/syntax-node.ts';
import { type Binding, type QueryScope, withBinding } from '../query-scope.ts';
import type { Relation } from '../relation.ts';
import { quoteName } from '../sql-text.ts';
import { bindStatements } from '../statements.ts';
import {
  asName,
  distinctOperator,
  extendOperator,
  projectOperator,
  renameOperator,
  schemaOperator,
  selectOperator,
} from './columns.ts';
import { evaluateOperator } from './evaluate.ts';
import { joinOperator, lookupOperator } from './join.ts';
import { makeSeriesOperator } from './make-series.ts';
import { mvApplyOperator } from './mv-apply.ts';
import { mvExpandOperator } from './mv-expand.ts';
import { settled, type TabularOperator, type TabularSource } from './operator.ts';
import { parseOperator } from './parse.ts';
import {
  countOperator,
  renderOperator,
  serialized,
  sortOperator,
  takeOperator,
  topOperator,
  whereOperator,
} from './row-operators.ts';
import { datatableSource, printSource, rangeSource } from './sources.ts';
import { tableRelation } from './stored-table.ts';
import { summarizeOperator } from './summarize.ts';
import { topNestedOperator } from './top-nested.ts';
import { unionOperator } from './union.ts';

const operators: Readonly<Record<string, TabularOperator>> = {
  AsOperator: (node, input) => ({ ...input, label: asName(node) }),
  ConsumeOperator: renderOperator,
  CountOperator: countOperator,
  DistinctOperator: distinctOperator,
  EvaluateOperator: evaluateOperator,
  ExtendOperator: extendOperator,
  FilterOperator: whereOperator,
  GetSchemaOperator: schemaOperator,
  JoinOperator: joinOperator,
  LookupOperator: lookupOperator,
  MakeSeriesOperator: makeSeriesOperator,
  MvApplyOperator: mvApplyOperator,
  MvExpandOperator: mvExpandOperator,
  ParseOperator: parseOperator,
  ParseWhereOperator: parseOperator,
  ProjectAwayOperator: selectOperator,
  ProjectByNamesOperator: selectOperator,
  ProjectKeepOperator: selectOperator,
  ProjectOperator: projectOperator,
  ProjectRenameOperator: renameOperator,
  ProjectReorderOperator: selectOperator,
  RenderOperator: renderOperator,
  SerializeOperator: (node, input, scope) => {
    const relation = serialized(input, scope);
    return listed(node, 'Expressions').length === 0 ? relation : extendOperator(node, relation, scope);
  },
  SortOperator: sortOperator,
  SummarizeOperator: summarizeOperator,
  TakeOperator: takeOperator,
  TopNestedOperator: topNestedOperator,
  TopOperator: topOperator,
  UnionOperator: (node, input, scope) => unionOperator(node, input, scope),
};

/** A function of the query that answers a table. */
function called(node: SyntaxNode, binding: Extract<Binding, { kind: 'function' }>, scope: QueryScope): Relation {
  const { rows: _none, ...alone } = scope;
  const call = inlineCall(node, binding, alone);
  return insideCall(node, () => {
    const inside = maybePart(call.body, 'Statements')
      ? bindStatements(listed(call.body, 'Statements'), call.scope)
      : call.scope;
    return scope.query.table(maybePart(call.body, 'Expression') ?? call.body, inside);
  });
}

const reference: TabularSource = (node, scope) => {
  const name = simpleName(kindOf(node) === 'NameReference' ? node : part(node, 'Name'));
  const binding = scope.bindings.get(name);
  if (binding?.kind === 'table') return binding.relation;
  if (binding?.kind === 'function') return { ...called(node, binding, scope), label: name };
  return kindOf(node) === 'NameReference' ? tableRelation(name, node, scope) : refuse(`${name}()`, node);
};

/** `materialize()`: computed once, however often it is used. */
const materialize: TabularSource = (node, scope) => {
  const relation = scope.query.table(part(node, 'Expression'), scope);
  const name = quoteName(scope.query.fresh('__kept'));
  scope.query.shared.push(`${name} AS MATERIALIZED (SELECT * FROM ${relation.from})`);
  return { ...relation, from: name };
};

/** Operators one after the other. `as` names what it has for the rest of the pipe. */
function applied(steps: readonly SyntaxNode[], input: Relation, scope: QueryScope): Relation {
  const names: [string, Relation][] = [];
  let relation = input;
  for (const step of steps) {
    const inside = names.reduce(
      (known, [name, named]) => withBinding(known, name, { kind: 'table', relation: named }),
      scope,
    );
    const kind = kindOf(step);
    const operator = operators[kind] ?? refuse(operatorName(step), step);
    relation = settled(step, operator(step, relation, inside));
    if (kind === 'AsOperator') names.push([asName(step), relation]);
  }
  return relation;
}

/** A pipe as its first part and its operators. */
function stepsOf(node: SyntaxNode): { first: SyntaxNode; steps: SyntaxNode[] } {
  const steps: SyntaxNode[] = [];
  let first = node;
  for (; kindOf(first) === 'PipeExpression'; first = part(first, 'Expression')) steps.unshift(part(first, 'Operator'));
  return { first, steps };
}

const pipe: TabularSource = (node, scope) => {
  const { first, steps } = stepsOf(node);
  return applied(steps, scope.query.table(first, scope), scope);
};

/** Operators that have no table before them in the query, such as those inside `mv-apply`, applied to one. */
export function continuePipe(node: SyntaxNode, input: Relation, scope: QueryScope): Relation {
  const { first, steps } = stepsOf(node);
  return applied([first, ...steps], input, scope);
}

/** The word that a query writes: `evaluate`, `mv-apply`. */
const operatorName = (node: SyntaxNode) => /^[\w-]+/.exec(sourceText(node))?.[0] ?? kindOf(node);

const sources: Readonly<Record<string, TabularSource>> = {
  PipeExpression: pipe,
  ParenthesizedExpression: (node, scope) => scope.query.table(part(node, 'Expression'), scope),
  NameReference: reference,
  FunctionCallExpression: reference,
  MaterializeExpression: materialize,
  DataTableExpression: datatableSource,
  PrintOperator: printSource,
  RangeOperator: rangeSource,
  UnionOperator: (node, scope) => unionOperator(node, undefined, scope),
};

/** A table of KQL as SQL. Throws `KqlUnsupported` for what is not translated. */
export const translateTable: TabularSource = (node, scope) => {
  const source = sources[kindOf(node)] ?? refuse(operatorName(node), node);
  const relation = source(node, scope);
  return kindOf(node).endsWith('Operator') || kindOf(node) === 'DataTableExpression'
    ? settled(node, relation)
    : relation;
};
