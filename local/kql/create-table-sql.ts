import { columnIds } from './column-ids.ts';
import { physicalTypes } from './physical-types.ts';
import { isKqlType } from './sql-expression.ts';
import { quoteName } from './sql-text.ts';

/** The statement that makes a table as translations expect it: physical types, and texts that are never null. */
export function createTableSql(name: string, columns: Readonly<Record<string, string>>): string {
  const ids = columnIds(Object.keys(columns));
  const list = Object.entries(columns).map(([column, type], at) => {
    if (!isKqlType(type)) throw new Error(`${name}.${column} has the unknown type ${type}.`);
    return `${quoteName(ids[at] ?? column)} ${physicalTypes[type]}${type === 'string' ? " NOT NULL DEFAULT ''" : ''}`;
  });
  return `CREATE TABLE ${quoteName(name)} (${list.join(', ')})`;
}
