import { ZodError } from 'zod';
import { billedSize } from './billed-size.ts';
import { decoders } from './decoders.ts';
import type { Row } from './tables.ts';
import { commonColumns, envelopeSchema } from './telemetry-envelope.ts';

/** `row` is undefined for an item that is accepted and leaves no row; `fault` says why an item is refused. */
export type DecodedItem = { row: Row | undefined; fault?: undefined } | { fault: string };

/** Turns one envelope, as it was parsed from JSON, into the row that a workspace would hold. Never throws for bad input. */
export function decodeItem(item: unknown): DecodedItem {
  const envelope = envelopeSchema.safeParse(item);
  if (!envelope.success) return { fault: explain('Envelope', envelope.error) };
  const { baseType, baseData } = envelope.data.data;
  const decode = Object.hasOwn(decoders, baseType) ? decoders[baseType] : undefined;
  if (!decode) return { fault: `baseType "${baseType}" is not one of ${Object.keys(decoders).join(', ')}` };
  try {
    const decoded = decode(baseData, envelope.data);
    if (!decoded) return { row: undefined };
    const row = withoutBlanks({ ...commonColumns(decoded.table, envelope.data), ...decoded.columns });
    return { row: { ...row, _BilledSize: billedSize(row) } };
  } catch (error) {
    if (error instanceof ZodError) return { fault: explain(baseType, error) };
    throw error;
  }
}

/** The first fault is enough to find the sender's mistake: `RequestData.duration: "soon" is not a time span`. */
function explain(what: string, { issues: [issue] }: ZodError): string {
  return `${[what, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'not readable'}`;
}

/** Columns without a value are left out. */
function withoutBlanks(columns: Row): Row {
  const row: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(columns)) {
    if (value !== undefined && value !== null && value !== '') row[column] = value;
  }
  return row as Row; // TimeGenerated and Type are never blank
}
