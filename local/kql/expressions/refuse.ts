import { KqlUnsupported, type TextRange } from '../kql-fault.ts';
import type { SyntaxNode } from '../language/syntax-node.ts';
import { quoteText } from '../sql-text.ts';

export const rangeOf = ({ TextStart, Width }: SyntaxNode): TextRange => ({ start: TextStart, length: Width });

/** Refuses a part of a query by name. */
export function refuse(name: string, node: SyntaxNode): never {
  throw new KqlUnsupported(name, rangeOf(node));
}

/** What a refusal that only a value can tell begins with, in the message of DuckDB's error. */
export const REFUSED_VALUE = 'not supported here: ';

/** SQL that stops the query where a value is met whose answer in Azure is not known. */
export const refuseValue = (what: string): string => `error(${quoteText(REFUSED_VALUE + what)})`;
