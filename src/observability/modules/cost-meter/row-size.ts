type Values = Readonly<Record<string, unknown>>;

/** One of those that the exporter sends as a batch. `sampleRate` is in percent. */
export interface Item {
  iKey: string;
  sampleRate: number;
  tags: Values;
  data: { baseType: string; baseData: Values };
}

const tables: Readonly<Record<string, string>> = {
  RequestData: 'AppRequests',
  RemoteDependencyData: 'AppDependencies',
  MessageData: 'AppTraces',
  ExceptionData: 'AppExceptions',
  EventData: 'AppEvents',
  AvailabilityData: 'AppAvailabilityResults',
  PageViewData: 'AppPageViews',
};

/** Of these tags Azure keeps no column, or another value. */
const notKept = ['ai.location.ip', 'ai.user.userAgent'];
/** What Azure itself fills into the columns ClientType and ClientIP, and TimeGenerated, which has 100 ns. */
const added = 'PC' + '0.0.0.0' + '0000-00-00T00:00:00.0000000Z';

/** The text of the columns that a value becomes, where it is not one column as it stands. */
const columnsOf: Readonly<Record<string, (value: never, data: Values) => unknown>> = {
  ver: () => '',
  severityLevel: () => 0, // a digit for the word
  duration: milliseconds,
  exceptions: exceptionColumns,
  metrics: metricColumns,
};

/**
 * Says which row an item becomes. Azure bills "a string representation of the column entries" (azure-monitor-docs,
 * `logs/cost-logs.md`): `bytes` are those of all column values as text in UTF-8. Undefined for an item without a row.
 */
export function sizeOfRow({ iKey, sampleRate, tags, data: { baseType, baseData } }: Item) {
  const table = tables[baseType] ?? tableOfMetric(baseData.metrics as Metrics | undefined);
  if (table === undefined) return undefined;
  let bytes = lengthOf(iKey) + lengthOf(added);
  for (const [tag, value] of Object.entries(tags)) if (!notKept.includes(tag)) bytes += lengthOf(value);
  for (const [key, value] of Object.entries(baseData))
    bytes += lengthOf(columnsOf[key]?.(value as never, baseData) ?? value);
  if (!baseData.metrics) bytes += lengthOf(Math.round(100 / sampleRate)); // ItemCount
  return { table, bytes };
}

/** Reads `00:00:01.2500000`. */
function milliseconds(timeSpan: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = timeSpan.split(':').map(Number);
  return Math.round((hours * 3_600 + minutes * 60 + seconds) * 1e7) / 1e4;
}

/** The exporter sends one, so that it is the outermost and the innermost. Its type is ExceptionType and ProblemId too. */
function exceptionColumns([thrown]: [Record<string, unknown>], { severityLevel }: Values): string {
  const { typeName: type, message, stack: rawStack, parsedStack } = thrown;
  const details = [{ id: '0', outerId: '0', type, message, severityLevel, parsedStack, rawStack }];
  return [type, type, type, type, message, message, JSON.stringify(details)].join('');
}

type Metrics = [{ name: string; value: number; count?: number; min?: number; max?: number }];

/** Performance counters are named as Windows does: `\Process(??APP_WIN32_PROC??)\Private Bytes`. */
const counterName = /^\\([^\\(]+).*\\(.+)$/;

function tableOfMetric([metric]: Metrics | [] = []): string | undefined {
  // Carries the resource of a batch of spans: Azure keeps no row of it.
  if (!metric || metric.name === '_OTELRESOURCE_') return undefined;
  return counterName.test(metric.name) ? 'AppPerformanceCounters' : 'AppMetrics';
}

function metricColumns([{ name, value, count = 1, min = value, max = value }]: Metrics): string {
  const [, category, counter] = counterName.exec(name) ?? [];
  const columns = category ? [counter, counter, category, value / Math.max(1, count)] : [name, value, min, max, count];
  return columns.join('');
}

const lengthOf = (value: unknown): number =>
  Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
