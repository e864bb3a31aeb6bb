import type { KqlSchema } from './analyze.ts';
import { declareTables } from './declare-tables.ts';
import { languageService } from './language-service.ts';
import { toArray } from './syntax-node.ts';

export type CompletionKind = 'table' | 'column' | 'function' | 'operator' | 'keyword' | 'other';

export interface KqlCompletions {
  /** What an item replaces: an offset in UTF-16 units and a length. */
  readonly start: number;
  readonly length: number;
  /** `before` goes before the cursor, `after` behind it. */
  readonly items: readonly { label: string; kind: CompletionKind; before: string; after: string }[];
}

/** Of Microsoft's kinds those that a person tells apart. */
const kinds: Readonly<Record<string, CompletionKind>> = {
  Table: 'table',
  Column: 'column',
  BuiltInFunction: 'function',
  LocalFunction: 'function',
  DatabaseFunction: 'function',
  AggregateFunction: 'function',
  QueryPrefix: 'operator',
  ScalarInfix: 'operator',
  Keyword: 'keyword',
};
const MOST = 200;

/** What Microsoft's language service offers at a place of a query over these tables. */
export function createCompleter(schema: KqlSchema): (text: string, position: number) => KqlCompletions {
  let globals: object | undefined;
  return (text, position) => {
    const { KustoCode, Editor, Utils } = languageService();
    globals ??= declareTables(schema);
    const names = new Map(Object.entries(Editor.CompletionKind).map(([name, kind]) => [kind, name]));
    const code = KustoCode.ParseAndAnalyze(text, globals);
    const completer = new Editor.KustoCompleter(code, Editor.CompletionOptions.Default, new Utils.CancellationToken());
    const { EditStart, EditLength, Items } = completer.GetCompletionItems(position);
    const typed = text.slice(EditStart, position).toLowerCase();
    const items = toArray(Items).map(({ DisplayText, BeforeText, AfterText, Kind }) => ({
      label: DisplayText,
      kind: kinds[names.get(Kind) ?? ''] ?? 'other',
      before: BeforeText ?? '',
      after: AfterText ?? '',
    }));
    const fitting = items.filter(({ label }) => label.toLowerCase().includes(typed));
    return { start: EditStart, length: EditLength, items: fitting.slice(0, MOST) };
  };
}
