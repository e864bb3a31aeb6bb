import type { TableName } from './tables.ts';
import type { Envelope } from './telemetry-envelope.ts';

/** Where an item goes and what its own columns hold, or `undefined` for an item that Azure accepts and keeps no row of. */
export type Decoded = { table: TableName; columns: Record<string, unknown> } | undefined;

/** Throws `ZodError` when the base data is not what its type promises. */
export type Decode = (baseData: unknown, envelope: Envelope) => Decoded;
