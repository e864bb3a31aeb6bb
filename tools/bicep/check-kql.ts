import { createRequire } from 'node:module';

/** A column of a table or of a query's result. */
export interface Column {
  name: string;
  type: string;
}

/** Tables by name, each with its columns: the form of `infra/observability/log-analytics-schema.json`. */
export interface TableSchema {
  tables: Readonly<Record<string, { columns: readonly Column[] }>>;
}

/** What Microsoft's language service and our own rules say of a query. */
export interface KqlVerdict {
  faults: string[];
  columns: Column[];
}

// The package is C# turned into JavaScript: its types describe the compiler's internals, so that the few members which
// are used here are written down instead.
interface List<T> {
  Count: number;
  getItem(index: number): T;
}
interface Node {
  ChildCount: number;
  GetChild(index: number): Node | null;
  toString(): string;
  Left?: { ResultType?: { Name: string } };
  Right?: { ResultType?: { Name: string } };
  JoinKeyword?: object;
  Parameters?: object;
}
interface Code {
  Syntax: Node;
  GetDiagnostics(): List<{ Code: string; Message: string; Start: number }>;
  ResultType: { Columns?: List<{ Name: string; Type: { Name: string } }> } | null;
}
interface Language {
  KustoCode: { ParseAndAnalyze(text: string, globals: object): Code };
  GlobalState: { Default: { WithDatabase(database: object): object } };
  Symbols: {
    TableSymbol: { $ctor7: new (name: string, schema: string, description: null) => object };
    DatabaseSymbol: { ctor: new (name: string, tables: object[]) => object };
  };
}

const loadLanguage = (): Language => {
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  return (globalThis as unknown as { Kusto: { Language: Language } }).Kusto.Language;
};

const toArray = <T>(list: List<T> | undefined): T[] => {
  const items: T[] = [];
  for (let i = 0; list && i < list.Count; i++) items.push(list.getItem(i));
  return items;
};

/** Numbers compare with each other; the service accepts every other mixture too, and Azure then answers nothing. */
const NUMBERS = ['int', 'long', 'real', 'decimal'];
const COMPARABLE = (left: string, right: string) =>
  left === right || (NUMBERS.includes(left) && NUMBERS.includes(right)) || [left, right].includes('dynamic');

const ownFaults = (node: Node): string[] => {
  const faults: string[] = [];
  const [left, right] = [node.Left?.ResultType?.Name, node.Right?.ResultType?.Name];
  if (left !== undefined && right !== undefined && / [=!]= /.test(node.toString()) && !COMPARABLE(left, right))
    faults.push(`compares ${left} with ${right}: ${node.toString().trim()}`);
  if (node.JoinKeyword !== undefined && !/kind *=/.test(String(node.Parameters)))
    faults.push('a join without kind= keeps one left row a key: write the kind');
  for (let i = 0; i < node.ChildCount; i++) {
    const child = node.GetChild(i);
    if (child) faults.push(...ownFaults(child));
  }
  return faults;
};

/**
 * A checker for KQL on Microsoft's own parser, with our tables. Loading takes about half a second; then a query takes
 * milliseconds. Beyond the service it refuses `==` across types and a join without a kind.
 */
export const createKqlChecker = (schema: TableSchema): ((query: string) => KqlVerdict) => {
  const { KustoCode, GlobalState, Symbols } = loadLanguage();
  const tables = Object.entries(schema.tables).map(([name, { columns }]) => {
    const text = columns.map((column) => `['${column.name}']: ${column.type}`).join(', ');
    return new Symbols.TableSymbol.$ctor7(name, `(${text})`, null);
  });
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('workspace', tables));
  return (query) => {
    const code = KustoCode.ParseAndAnalyze(query, globals);
    const said = toArray(code.GetDiagnostics()).map(({ Code, Message, Start }) => {
      const line = query.slice(0, Start).split('\n').length;
      return `line ${line}: ${Code} ${Message}`;
    });
    const columns = toArray(code.ResultType?.Columns).map((column) => ({ name: column.Name, type: column.Type.Name }));
    return { faults: [...said, ...ownFaults(code.Syntax)], columns };
  };
};
