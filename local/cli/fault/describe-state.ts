import { clockTime } from '../for-eyes.ts';
import { formatTable } from '../table.ts';

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The state of a stand-in as a table: a line for each thing in it that has a mode of its own, after what holds for all. */
export function describeState(standIn: string, state: object): string {
  const rows: string[][] = [];
  const visit = (name: string, thing: Record<string, unknown>) => {
    const { mode = '', ...rest } = thing;
    const parts = Object.entries(rest).filter(([, value]) => isMap(value) && Object.values(value).some(isMap));
    const nested = new Set(parts.map(([part]) => part));
    const facts = Object.entries(rest).filter(([fact]) => !nested.has(fact));
    rows.push([name, String(mode), facts.map(describeFact).filter(Boolean).join('  ')]);
    for (const [, members] of parts) {
      for (const [member, inner] of Object.entries(members as object)) if (isMap(inner)) visit(`  ${member}`, inner);
    }
  };
  visit(standIn, state as Record<string, unknown>);
  return formatTable(rows);
}

function describeFact([name, value]: [string, unknown]): string {
  if (value === null) return '';
  if (name === 'since') return `since ${clockTime(String(value))}`;
  if (typeof value === 'boolean') return `${name} ${value ? 'yes' : 'no'}`;
  if (!isMap(value)) return `${name} ${Array.isArray(value) ? JSON.stringify(value) : String(value)}`;
  const counts = Object.entries(value).map(([key, count]) => `${key}: ${String(count)}`);
  return counts.length > 0 ? `${name} ${counts.join(', ')}` : '';
}
