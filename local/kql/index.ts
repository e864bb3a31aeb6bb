export { columnIds } from './column-ids.ts';
export { createTableSql } from './create-table-sql.ts';
export { createEngine, type KqlEngine, type KqlResult, type KqlTables } from './engine.ts';
export { jsonLine, readJson } from './json-line.ts';
export { KqlError, KqlUnsupported } from './kql-fault.ts';
export type { KqlFunctions, KqlSchema } from './language/analyze.ts';
export type { KqlCompletions } from './language/complete.ts';
export { physicalTypes } from './physical-types.ts';
export type { KqlValue } from './read-rows.ts';
