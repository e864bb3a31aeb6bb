import { convert } from '../expressions/convert.ts';
import { rangeOf, refuse } from '../expressions/refuse.ts';
import { KqlUnsupported } from '../kql-fault.ts';
import { kindOf } from '../language/language-service.ts';
import {
  listed,
  maybePart,
  part,
  type SyntaxNode,
  simpleName,
  sourceText,
  tokenText,
} from '../language/syntax-node.ts';
import { type Binding, type QueryScope, withBinding } from '../query-scope.ts';
import { typeByName } from '../sql-expression.ts';
import { argumentNodes } from './scalar-function.ts';

/** The body of a function with its arguments bound. */
export interface InlinedCall {
  readonly body: SyntaxNode;
  readonly scope: QueryScope;
}

interface Parameter {
  readonly name: string;
  readonly type: SyntaxNode;
  readonly fallback: SyntaxNode | undefined;
}

const parametersOf = (declaration: SyntaxNode): Parameter[] =>
  listed(part(declaration, 'Parameters'), 'Parameters').map((parameter) => {
    const typed = part(parameter, 'NameAndType');
    const fallback = maybePart(parameter, 'DefaultValue');
    return {
      name: simpleName(part(typed, 'Name')),
      type: part(typed, 'Type'),
      fallback: fallback && part(fallback, 'Value'),
    };
  });

/** Which argument each parameter gets: named ones by name, the others in turn. */
function matchArguments(call: SyntaxNode, parameters: readonly Parameter[]): Map<string, SyntaxNode> {
  const given = new Map<string, SyntaxNode>();
  const positional: SyntaxNode[] = [];
  for (const argument of kindOf(call) === 'FunctionCallExpression' ? argumentNodes(call) : []) {
    if (kindOf(argument) === 'SimpleNamedExpression')
      given.set(simpleName(part(argument, 'Name')), part(argument, 'Expression'));
    else positional.push(argument);
  }
  for (const { name } of parameters) {
    if (given.has(name)) continue;
    const next = positional.shift();
    if (next) given.set(name, next);
  }
  return given;
}

function bind(
  { name, type, fallback }: Parameter,
  argument: SyntaxNode | undefined,
  scope: QueryScope,
  call: SyntaxNode,
): Binding {
  const node = argument ?? fallback ?? refuse(`${name} without a value`, call);
  if (kindOf(type) === 'SchemaTypeExpression') return { kind: 'table', relation: scope.query.table(node, scope) };
  const wanted = tokenText(type, 'Type');
  const value = scope.query.expression(node, scope);
  const known = typeByName(wanted);
  const made = known && convert(value, known);
  return { kind: 'scalar', expression: made ?? refuse(`${value.type} as the ${wanted} ${name}`, call) };
}

/**
 * A call of a function of the query, as its body with the arguments in the place of its parameters. The service gives a
 * body that is bound for this call, so that a tabular parameter `(T:(*))` has the columns of its argument. The body sees no
 * columns but those of its parameters.
 */
export function inlineCall(
  call: SyntaxNode,
  binding: Extract<Binding, { kind: 'function' }>,
  scope: QueryScope,
): InlinedCall {
  const body = call.GetCalledFunctionBody?.() ?? maybePart(binding.declaration, 'Body');
  if (!body) return refuse(`this call of ${sourceText(call)}`, call);
  const parameters = parametersOf(binding.declaration);
  const given = matchArguments(call, parameters);
  let inside: QueryScope = { query: scope.query, bindings: binding.bindings };
  for (const parameter of parameters)
    inside = withBinding(inside, parameter.name, bind(parameter, given.get(parameter.name), scope, call));
  // Window functions of a body work on the rows of the call.
  return { body, scope: scope.rows ? { ...inside, rows: scope.rows } : inside };
}

/** Runs on a body. What is refused inside is told at the call: positions of a body are not those of the query. */
export function insideCall<T>(call: SyntaxNode, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof KqlUnsupported) throw new KqlUnsupported(error.name, rangeOf(call), { cause: error });
    throw error;
  }
}
