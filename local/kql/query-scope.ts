import type { KqlSchema } from './language/analyze.ts';
import type { AnalyzedQuery } from './language/language-service.ts';
import type { SyntaxNode } from './language/syntax-node.ts';
import type { Relation } from './relation.ts';
import type { SqlExpression } from './sql-expression.ts';

/** What a name of `let`, `as` or a parameter stands for. */
export type Binding =
  | { readonly kind: 'scalar'; readonly expression: SqlExpression }
  | { readonly kind: 'table'; readonly relation: Relation }
  | {
      readonly kind: 'function';
      readonly declaration: SyntaxNode;
      /** What the function's body sees: the names that were there where it was declared. */
      readonly bindings: ReadonlyMap<string, Binding>;
    };

/** Limits on rows that a query makes from nothing. */
export interface GeneratedRowLimits {
  /** Rows of `range` and cells of `make-series`. */
  readonly rows: number;
}

/** One query under translation. The two functions are here so that operators and expressions need not import each other. */
export interface QueryTranslation {
  readonly schema: KqlSchema;
  readonly limits: GeneratedRowLimits;
  /** Functions of the workspace, by name. */
  readonly functions: Readonly<Record<string, AnalyzedQuery>>;
  /** Common table expressions, in the order in which they are needed. */
  readonly shared: string[];
  /** A name that occurs nowhere else. */
  fresh(prefix: string): string;
  expression(node: SyntaxNode, scope: QueryScope): SqlExpression;
  table(node: SyntaxNode, scope: QueryScope): Relation;
  /** Operators without a table before them, applied to one. */
  pipe(node: SyntaxNode, input: Relation, scope: QueryScope): Relation;
}

/** What an expression can see. */
export interface QueryScope {
  readonly query: QueryTranslation;
  readonly bindings: ReadonlyMap<string, Binding>;
  /** The rows at hand. Window functions put a layer under the operator, which changes `rows.relation`. */
  readonly rows?: { relation: Relation };
  /** The keys of a summarize whose aggregates may stand here. */
  readonly groupedBy?: readonly SqlExpression[];
}

export const withBinding = (scope: QueryScope, name: string, binding: Binding): QueryScope => ({
  ...scope,
  bindings: new Map([...scope.bindings, [name, binding]]),
});
