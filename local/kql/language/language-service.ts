import { createRequire } from 'node:module';
import type { BridgeList, ServiceSymbol, SyntaxNode } from './syntax-node.ts';

export interface ServiceDiagnostic {
  readonly Code: string;
  readonly Message: string;
  readonly Severity: string;
  readonly Start: number;
  readonly Length: number;
}

export interface AnalyzedQuery {
  readonly Syntax: SyntaxNode;
  readonly ResultType: ServiceSymbol | null;
  GetDiagnostics(): BridgeList<ServiceDiagnostic>;
  GetColumnsInScope(position: number): ServiceSymbol | null;
}

/** What may stand at a place of a query: `BeforeText` goes before the cursor, `AfterText` behind it. */
export interface ServiceCompletions {
  readonly EditStart: number;
  readonly EditLength: number;
  readonly Items: BridgeList<{
    readonly DisplayText: string;
    readonly BeforeText: string | null;
    readonly AfterText: string | null;
    readonly Kind: number;
  }>;
}

// The package is C# turned into JavaScript: its types describe the compiler's internals, so that the few members which
// are used here are written down instead.
interface ServiceNamespace {
  KustoCode: { ParseAndAnalyze(text: string, globals: object): AnalyzedQuery };
  GlobalState: { Default: { WithDatabase(database: object): object } };
  Editor: {
    CompletionOptions: { Default: object };
    CompletionKind: Record<string, unknown>;
    KustoCompleter: new (
      code: AnalyzedQuery,
      options: object,
      cancellation: object,
    ) => { GetCompletionItems(position: number): ServiceCompletions };
  };
  Utils: { CancellationToken: new () => object };
  Functions: { All: readonly ServiceSymbol[] };
  Aggregates: { All: readonly ServiceSymbol[] };
  Syntax: { SyntaxKind: Record<string, unknown> };
  Symbols: {
    SymbolKind: Record<string, number>;
    TableSymbol: { $ctor7: new (name: string, schema: string, description: null) => object };
    DatabaseSymbol: { ctor: new (name: string, tables: object[]) => object };
  };
}

let loaded: ServiceNamespace | undefined;
let kinds: ReadonlyMap<unknown, string> | undefined;

/** Microsoft's language service. The first call takes about half a second. */
export function languageService(): ServiceNamespace {
  if (!loaded) {
    const require = createRequire(import.meta.url);
    require('@kusto/language-service-next/bridge.min.js');
    require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
    loaded = (globalThis as unknown as { Kusto: { Language: ServiceNamespace } }).Kusto.Language;
  }
  return loaded;
}

/** The kind of a node by the name that it has in Microsoft's source, such as `FilterOperator`. */
export function kindOf({ Kind }: SyntaxNode): string {
  kinds ??= new Map(Object.entries(languageService().Syntax.SyntaxKind).map(([name, kind]) => [kind, name]));
  return kinds.get(Kind) ?? `kind ${Kind}`;
}

/** What a name refers to, by Microsoft's name for the kind of symbol, such as `Column`. */
export function symbolKindOf(symbol: ServiceSymbol): string {
  const found = Object.entries(languageService().Symbols.SymbolKind).find(([, kind]) => kind === symbol.Kind);
  return found?.[0] ?? 'unknown';
}
