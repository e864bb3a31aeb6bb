import type { Row } from '../../application-insights/index.ts';
import type { Host } from '../command.ts';
import { clockTime, cut, oneLine, paintFor } from '../for-eyes.ts';
import { describeRow, duration } from './describe-row.ts';

const widths = { result: 12, duration: 8, operation: 8 };
const [narrowest, widest] = [30, 48];
/** What the time, the result, the duration, the operation and the gaps take. */
const OTHERS = 46;
const someWidth = 120;

/** Rows as they come, one line each; the columns stay where they are, so that a later row stands below an earlier one. */
export function tableOf(lines: readonly string[], { stdout, env }: Pick<Host, 'stdout' | 'env'>): string {
  const paint = paintFor({ stdout, env });
  const width = stdout.columns || someWidth;
  const forWhat = Math.max(narrowest, Math.min(widest, width - OTHERS));
  return lines
    .map((line) => {
      const row = JSON.parse(line) as Row;
      const { what, result, durationMs, fails, fields } = describeRow(row);
      const cells = [
        clockTime(row.TimeGenerated),
        cut(oneLine(what), forWhat).padEnd(forWhat),
        cut(result, widths.result).padEnd(widths.result),
        duration(durationMs).padStart(widths.duration),
        (row.OperationId?.slice(0, 8) ?? '').padEnd(widths.operation),
        fields,
      ];
      const text = cut(cells.join('  ').trimEnd(), width);
      return `${fails ? paint('red', text) : text}\n`;
    })
    .join('');
}
