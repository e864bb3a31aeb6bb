import type { KqlSchema } from './analyze.ts';
import { languageService } from './language-service.ts';

/** Makes tables known to Microsoft's language service: what it parses and completes queries with. */
export function declareTables(tables: KqlSchema): object {
  const { GlobalState, Symbols } = languageService();
  const symbols = Object.entries(tables).map(([name, columns]) => {
    const text = Object.entries(columns).map(([column, type]) => `['${column}']: ${type}`);
    return new Symbols.TableSymbol.$ctor7(name, `(${text.join(', ')})`, null);
  });
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('workspace', symbols));
}
