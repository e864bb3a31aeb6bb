import { isDeepStrictEqual } from 'node:util';
import type { IngestionResult } from './measure-ingestion.ts';

/** Whether every row that was accepted is found, and the memory stays within its budget. */
export const ingestionHolds = ({ sent, found, peakMb = 0, budgetMb }: IngestionResult): boolean =>
  isDeepStrictEqual(sent, found) && peakMb <= budgetMb;

export function ingestionTable(result: IngestionResult): string[][] {
  const { rows, sent, found, seconds, peakMb, budgetMb, fileMb, queryMs, openMs } = result;
  const lost = Object.entries(sent).reduce((sum, [table, count]) => sum + count - (found[table] ?? 0), 0);
  return [
    ['npm start, tables in a file', 'measured', 'at most', ''],
    ['rows accepted and not found', String(lost), '0', isDeepStrictEqual(sent, found) ? 'holds' : 'BROKEN'],
    [
      'memory of its process, MB',
      peakMb === undefined ? 'not told here' : peakMb.toFixed(0),
      String(budgetMb),
      (peakMb ?? 0) <= budgetMb ? 'holds' : 'BROKEN',
    ],
    ['rows', String(rows), '', ''],
    ['rows a second', (rows / seconds).toFixed(0), '', ''],
    ['seconds', seconds.toFixed(1), '', ''],
    ['file, MB', fileMb.toFixed(1), '', ''],
    ['p95 by name in KQL, ms', queryMs.toFixed(0), '', ''],
    ['a start on the full tables, ms', openMs.toFixed(0), '', ''],
  ];
}
