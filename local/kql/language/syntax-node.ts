/** Microsoft's lists, as they come out of C#. */
export interface BridgeList<T> {
  readonly Count: number;
  getItem(index: number): T;
}

/** A column, variable, table, function or type as the language service knows it. */
export interface ServiceSymbol {
  readonly Name: string;
  readonly Kind: number;
  readonly Type?: ServiceSymbol;
  readonly Columns?: BridgeList<ServiceSymbol>;
  readonly Members?: BridgeList<ServiceSymbol>;
}

/** A node or token of the syntax tree. Its parts have the names that they have in Microsoft's source. */
export interface SyntaxNode {
  readonly Kind: number;
  readonly ChildCount: number;
  readonly TextStart: number;
  readonly Width: number;
  readonly Text?: string;
  readonly LiteralValue?: unknown;
  readonly ResultType: ServiceSymbol | null;
  readonly ReferencedSymbol?: ServiceSymbol | null;
  readonly Element?: SyntaxNode;
  readonly Count?: number;
  getItem?(index: number): SyntaxNode;
  GetCalledFunctionBody?(): SyntaxNode | null;
  toString(): string;
}

export function toArray<T>(list: BridgeList<T> | null | undefined): T[] {
  const items: T[] = [];
  for (let i = 0; list && i < list.Count; i++) items.push(list.getItem(i));
  return items;
}

/** A part of a node by its name, or undefined where the query leaves it out. */
export function maybePart(node: SyntaxNode, name: string): SyntaxNode | undefined {
  const found = (node as unknown as Record<string, SyntaxNode | null | undefined>)[name];
  return found ?? undefined;
}

/** A part that the grammar always has. Throws when the service's tree is not as it was read for this version. */
export function part(node: SyntaxNode, name: string): SyntaxNode {
  const found = maybePart(node, name);
  if (!found) throw new Error(`The syntax tree has no ${name} at ${JSON.stringify(node.toString())}.`);
  return found;
}

/** The elements of a list, without its commas. */
export function elements(list: SyntaxNode | undefined): SyntaxNode[] {
  const all = toArray(list as unknown as BridgeList<SyntaxNode> | undefined);
  return all.map((item) => item.Element ?? item);
}

/** The elements of the list that is the part `name` of a node. */
export const listed = (node: SyntaxNode, name: string): SyntaxNode[] => elements(maybePart(node, name));

/** A node as the query writes it, without what stands before it: the service counts comments to the node behind them. */
export const sourceText = (node: SyntaxNode): string =>
  node
    .toString()
    .replace(/^(?:\s|\/\/[^\n]*(?:\n|$))+/, '')
    .trim();

/** The text of a token. */
export const tokenText = (node: SyntaxNode, name: string): string => part(node, name).Text ?? '';

/** A name without its quotes and brackets. */
export const simpleName = (node: SyntaxNode): string => (node as unknown as { SimpleName: string }).SimpleName;
