import { z } from 'zod';
import { datetimeText } from '../../kql/ticks.ts';
import { billedSize } from '../billed-size.ts';
import { type ColumnType, type Row, tables } from '../tables.ts';
import { datetimeTicks } from '../workspace/datetime-ticks.ts';

export const securityTable = 'ServiceSecurity_CL';

/** What a cell may be, by the type of its column. Azure makes null of anything else; here it is a fault of the sender. */
const cells: Partial<Record<ColumnType, z.ZodType>> = {
  string: z.string(),
  int: z.int(),
  long: z.int(),
  datetime: z.iso.datetime({ offset: true }).transform((value) => datetimeText(datetimeTicks(value))),
};

/** Columns that Azure fills by itself. */
const ofAzure = ['Type', 'TenantId', 'SourceSystem'];

const columns = Object.entries(tables[securityTable]).flatMap(([name, type]) => {
  const cell = cells[type];
  if (!cell || name.startsWith('_') || ofAzure.includes(name)) return [];
  return [[name, name === 'TimeGenerated' ? cell : cell.optional()] as const];
});
const rowsSchema = z.array(z.strictObject(Object.fromEntries(columns)));

/** The rows of an upload, as the table holds them. Throws a sentence when one does not fit the columns. */
export function readRows(body: unknown): Row[] {
  const { data, error } = rowsSchema.safeParse(body);
  const [issue] = error?.issues ?? [];
  if (issue) throw new Error(`${z.core.toDotPath(issue.path) || 'The body'}: ${issue.message}`);
  return (data ?? []).map((columns) => {
    const written = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== ''));
    const row = { ...written, Type: securityTable } as unknown as Row; // the schema has asked for TimeGenerated
    return { ...row, _BilledSize: billedSize(row) };
  });
}
