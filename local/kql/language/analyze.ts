import { KqlError, KqlUnsupported } from '../kql-fault.ts';
import { type AnalyzedQuery, languageService } from './language-service.ts';
import { nearestName } from './nearest-name.ts';
import { toArray } from './syntax-node.ts';

/** Tables with their columns and KQL types, in the order of Azure's reference. */
export type KqlSchema = Readonly<Record<string, Readonly<Record<string, string>>>>;

const ERROR = 'Error';

/**
 * A parser and binder for queries over these tables. The function that it answers throws `KqlError` with the first fault
 * that Microsoft's language service finds, and with the nearest name where one is unknown.
 */
export function createAnalyzer(schema: KqlSchema): (text: string) => AnalyzedQuery {
  const { KustoCode, GlobalState, Symbols } = languageService();
  const tables = Object.entries(schema).map(([name, columns]) => {
    const text = Object.entries(columns).map(([column, type]) => `['${column}']: ${type}`);
    return new Symbols.TableSymbol.$ctor7(name, `(${text.join(', ')})`, null);
  });
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('workspace', tables));
  const parse = (text: string): AnalyzedQuery => {
    try {
      return KustoCode.ParseAndAnalyze(text, globals);
    } catch (error) {
      // The service itself fails on some forms, such as graph_time_travel() at the head.
      throw new KqlUnsupported(
        'a query that the language service cannot read',
        { start: 0, length: text.length },
        { cause: error },
      );
    }
  };
  return (text) => {
    const query = parse(text);
    const fault = toArray(query.GetDiagnostics()).find(({ Severity }) => Severity === ERROR);
    if (!fault) return query;
    const nearest = nearestName(query, fault, Object.keys(schema));
    const message = nearest === undefined ? fault.Message : `${fault.Message} Did you mean ${nearest}?`;
    throw new KqlError(fault.Code, message, { start: fault.Start, length: fault.Length });
  };
}
