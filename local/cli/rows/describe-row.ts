import type { Row } from '../../application-insights/index.ts';
import { shortId } from '../for-eyes.ts';

/** A row in the words of people. */
export interface Described {
  /** What it is about: a route, a call, a message, an error. */
  what: string;
  /** How it ended, when it says so: a status, a settlement, a severity. */
  result: string;
  durationMs: number | undefined;
  fails: boolean;
  /** What the caller gave it, as far as it fits. */
  fields: string;
}

/** By number; what is usual is not said. */
const severities = ['debug', '', 'warning', '', 'critical'];
/** Said elsewhere on the line, or of the SDK's own kind. */
const notShown =
  /^(?:correlationId$|message$|message\.|error\.fingerprint$|_MS\.|az\.|http\.|messaging\.(?!message\.id$))/;
const mostFields = 3;

export function describeRow(row: Row): Described {
  const text = (column: string) => (row[column] === undefined ? '' : String(row[column]));
  const properties = propertiesOf(row);
  const fields = fieldsOf(row);
  const severity = severities[Number(row.SeverityLevel ?? -1)] ?? '';
  switch (row.Type) {
    case 'AppTraces':
      return { what: text('Message'), result: severity, durationMs: undefined, fails: isLoud(row), fields };
    case 'AppExceptions': {
      const error = `${text('ExceptionType')}: ${text('OuterMessage')}`;
      const what = properties.message ? `${properties.message}: ${error}` : error;
      return { what, result: severity, durationMs: undefined, fails: true, fields };
    }
    case 'AppRequests':
    case 'AppDependencies':
      return {
        what: text('Name') || `receive ${properties['messaging.source.name'] ?? ''}`.trim(),
        result: resultOf(row, properties),
        durationMs: Number(row.DurationMs),
        fails: row.Success === false,
        fields,
      };
    case 'AppMetrics': {
      const mean = Number(row.Sum) / Number(row.ItemCount ?? 1);
      return { what: text('Name'), result: String(rounded(mean)), durationMs: undefined, fails: false, fields };
    }
    case 'ContainerAppConsoleLogs':
    case 'ContainerAppSystemLogs':
      return {
        what: text('Log'),
        result: text('Stream') || text('Reason'),
        durationMs: undefined,
        fails: false,
        fields,
      };
    case 'Usage': {
      const megabytes = `${Math.round(Number(row.Quantity) * 1_000) / 1_000} MB`;
      return { what: text('DataType'), result: megabytes, durationMs: undefined, fails: false, fields };
    }
    case 'Operation':
      return { what: text('Detail'), result: text('OperationStatus'), durationMs: undefined, fails: false, fields };
    default:
      return { what: text('Name'), result: '', durationMs: undefined, fails: false, fields };
  }
}

export const propertiesOf = ({ Properties }: Row): Readonly<Record<string, string>> =>
  (Properties ?? {}) as Readonly<Record<string, string>>;

const isLoud = ({ SeverityLevel }: Row) => Number(SeverityLevel ?? 0) >= 2;

/** Calls that are no HTTP have the result code 0, which says nothing. */
function resultOf({ ResultCode, Success }: Row, properties: Readonly<Record<string, string>>): string {
  const attempt = Number(properties['message.attempt'] ?? 1) > 1 ? `, attempt ${properties['message.attempt']}` : '';
  const settlement = properties['message.settlement'];
  if (settlement) return `${settlement}${attempt}`;
  if (ResultCode !== undefined && ResultCode !== '0' && ResultCode !== '') return String(ResultCode);
  return Success === false ? 'failed' : '';
}

const rounded = (value: number) => Math.round(value * 10) / 10;

function fieldsOf(row: Row): string {
  const own = Object.entries(propertiesOf(row)).filter(([name]) => !notShown.test(name));
  const measured = Object.entries((row.Measurements ?? {}) as Record<string, number>);
  const shown = [...own, ...measured.map(([name, value]) => [name, String(rounded(value))] as const)];
  return shown
    .slice(0, mostFields)
    .map(([name, value]) => `${name === 'messaging.message.id' ? 'messageId' : name} ${shortId(value)}`)
    .join('  ');
}

/** `58 ms`, `1.2 s`. */
export function duration(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return '';
  return ms < 1_000 ? `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
