import { KqlError, KqlUnsupported } from '../kql-fault.ts';
import { declareTables } from './declare-tables.ts';
import { type AnalyzedQuery, languageService } from './language-service.ts';
import { nearestName } from './nearest-name.ts';
import { toArray } from './syntax-node.ts';

/** Tables with their columns and KQL types, in the order of Azure's reference. */
export type KqlSchema = Readonly<Record<string, Readonly<Record<string, string>>>>;

const ERROR = 'Error';

/** Functions of the workspace, by name, each the text of a query that answers a table. */
export type KqlFunctions = Readonly<Record<string, string>>;

/** A query that was understood, and the functions of the workspace as it sees them. */
export interface Analyzed {
  readonly query: AnalyzedQuery;
  readonly functions: Readonly<Record<string, AnalyzedQuery>>;
}

/**
 * A parser and binder for queries over these tables and functions. The function that it answers throws `KqlError` with the first fault
 * that Microsoft's language service finds, and with the nearest name where one is unknown.
 */
export function createAnalyzer(schema: KqlSchema, functions: KqlFunctions = {}): (text: string) => Analyzed {
  const { KustoCode } = languageService();
  const parse = (text: string, globals: object, names: readonly string[]): AnalyzedQuery => {
    let query: AnalyzedQuery;
    try {
      query = KustoCode.ParseAndAnalyze(text, globals);
    } catch (error) {
      // The service itself fails on some forms, such as graph_time_travel() at the head.
      const whole = { start: 0, length: text.length };
      throw new KqlUnsupported('a query that the language service cannot read', whole, { cause: error });
    }
    const fault = toArray(query.GetDiagnostics()).find(({ Severity }) => Severity === ERROR);
    if (!fault) return query;
    const nearest = nearestName(query, fault, names);
    const message = nearest === undefined ? fault.Message : `${fault.Message} Did you mean ${nearest}?`;
    throw new KqlError(fault.Code, message, { start: fault.Start, length: fault.Length });
  };

  const stored = declareTables(schema);
  const bodies = Object.fromEntries(
    Object.entries(functions).map(([name, text]) => [name, parse(text, stored, Object.keys(schema))]),
  );
  const columnsOf = ({ ResultType }: AnalyzedQuery) =>
    Object.fromEntries(toArray(ResultType?.Columns).map(({ Name, Type }) => [Name, Type?.Name ?? 'dynamic']));
  // A function without parameters is named like a table, so that it is declared as one.
  const views = Object.fromEntries(Object.entries(bodies).map(([name, body]) => [name, columnsOf(body)]));
  const all = { ...schema, ...views };
  const globals = declareTables(all);
  return (text) => ({ query: parse(text, globals, Object.keys(all)), functions: bodies });
}
