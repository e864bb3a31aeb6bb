import { z } from 'zod';
import type { Decode } from './decoded.ts';
import { decodeException } from './exception.ts';
import { decodeMetric } from './metric.ts';
import type { TableName } from './tables.ts';
import { itemCount } from './telemetry-envelope.ts';
import { code, measurements, properties, severityLevel, text, timeSpan } from './telemetry-fields.ts';

const custom = { properties, measurements };

function define<Schema extends z.ZodObject<typeof custom>>(
  table: TableName,
  schema: Schema,
  columns: (data: z.output<Schema>) => Record<string, unknown>,
): Decode {
  return (baseData, envelope) => {
    const data = schema.parse(baseData);
    const shared = { Properties: data.properties, Measurements: data.measurements, ItemCount: itemCount(envelope) };
    return { table, columns: { ...columns(data), ...shared } };
  };
}

const duration = timeSpan.nullish();
const success = z.boolean().nullish();

/** One decoder for each `baseType`. Columns that the schema of the table lacks are left behind on purpose. */
export const decoders: Readonly<Record<string, Decode>> = {
  RequestData: define(
    'AppRequests',
    z.object({
      ...custom,
      id: z.string(),
      name: text,
      duration: timeSpan,
      success,
      responseCode: code,
      url: text,
      source: text,
    }),
    (data) => ({
      Id: data.id,
      Name: data.name,
      DurationMs: data.duration,
      Success: data.success ?? true,
      ResultCode: data.responseCode,
      Url: data.url,
      Source: data.source,
    }),
  ),
  RemoteDependencyData: define(
    'AppDependencies',
    z.object({
      ...custom,
      id: text,
      name: z.string(),
      duration,
      success,
      resultCode: code,
      data: text,
      type: text,
      target: text,
    }),
    (data) => ({
      Id: data.id,
      Name: data.name,
      DurationMs: data.duration,
      Success: data.success ?? true,
      ResultCode: data.resultCode,
      Data: data.data,
      DependencyType: data.type,
      Target: data.target,
    }),
  ),
  MessageData: define('AppTraces', z.object({ ...custom, message: z.string(), severityLevel }), (data) => ({
    Message: data.message,
    SeverityLevel: data.severityLevel,
  })),
  EventData: define('AppEvents', z.object({ ...custom, name: z.string() }), (data) => ({ Name: data.name })),
  AvailabilityData: define(
    'AppAvailabilityResults',
    z.object({
      ...custom,
      id: z.string(),
      name: z.string(),
      duration: timeSpan,
      success: z.boolean(),
      runLocation: text,
      message: text,
    }),
    (data) => ({
      Id: data.id,
      Name: data.name,
      DurationMs: data.duration,
      Success: data.success,
      Location: data.runLocation,
      Message: data.message,
    }),
  ),
  PageViewData: define(
    'AppPageViews',
    z.object({ ...custom, id: text, name: z.string(), url: text, duration }),
    (data) => ({ Id: data.id, Name: data.name, Url: data.url, DurationMs: data.duration }),
  ),
  ExceptionData: decodeException,
  MetricData: decodeMetric,
};
