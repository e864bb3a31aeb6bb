import { distance } from 'fastest-levenshtein';
import { type AnalyzedQuery, languageService, type ServiceDiagnostic } from './language-service.ts';
import { toArray } from './syntax-node.ts';

/** Codes of the service for a name that it does not know: of a column, a table, a function. */
const UNKNOWN_NAME = new Set(['KS142', 'KS204', 'KS211', 'KS176']);
const operators =
  'where extend project summarize sort order top take limit distinct join lookup union parse count render print as serialize project-away project-rename project-keep project-reorder mv-expand make-series parse-where getschema';

/** The known name that is most like the unknown one of a fault, or undefined when none is near. */
export function nearestName(
  query: AnalyzedQuery,
  { Code, Message, Start }: ServiceDiagnostic,
  tables: readonly string[],
): string | undefined {
  if (!UNKNOWN_NAME.has(Code)) return undefined;
  const unknown = /'([^']+)'/.exec(Message)?.[1] ?? /^[\w-]+/.exec(query.Syntax.toString().slice(Start))?.[0];
  if (unknown === undefined) return undefined;
  const { Functions, Aggregates } = languageService();
  const columns = toArray(query.GetColumnsInScope(Start)?.Columns).map(({ Name }) => Name);
  const functions = () => [...Functions.All, ...Aggregates.All].map(({ Name }) => Name);
  const known =
    Code === 'KS176'
      ? operators.split(' ')
      : Code === 'KS211'
        ? functions()
        : Code === 'KS204'
          ? tables
          : [...columns, ...tables];
  const near = known
    .map((name) => ({ name, far: distance(unknown.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.far - b.far)[0];
  return near && near.far <= Math.max(1, Math.floor(unknown.length / 3)) ? near.name : undefined;
}
