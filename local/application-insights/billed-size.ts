import type { Row } from './tables.ts';

/** Columns that Azure does not bill (azure-monitor-docs, `logs/cost-logs.md`, "Excluded columns"). */
const notBilled = ['_ResourceId', '_SubscriptionId', '_ItemId', '_IsBillable', '_BilledSize', '_TenantId', 'Type'];

/**
 * What `_BilledSize` would be: the string representation of the column values, in bytes of UTF-8. An estimate: Azure does
 * not say how it writes numbers and dates as text, and it adds columns that only a workspace can fill.
 */
export const billedSize = (row: Row): number =>
  Object.entries(row).reduce((bytes, [column, value]) => bytes + (notBilled.includes(column) ? 0 : length(value)), 0);

const length = (value: unknown): number => Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
