import type { Row } from '../../../application-insights/index.ts';
import type { Paint } from '../../for-eyes.ts';
import { describeRow, duration } from '../../rows/describe-row.ts';
import { beginLine } from './log-line.ts';

const EVERY_MS = 1_000;

export interface Requests {
  counts(): { AppRequests: { received: number } };
  rows(table: 'AppRequests', filter: { from: number; named: boolean }): Row[];
}

/**
 * One line for each request and, from level 2 on, for each message that was handled: what Application Insights was told, so a
 * few seconds after the fact and with the time of the fact. At level 1 the SDK names no message, and nothing is shown.
 */
export function watchRequests({
  requests,
  paint,
  write,
}: {
  requests: Requests;
  paint: Paint;
  write: (text: string) => void;
}): { stop(): void } {
  let from = requests.counts().AppRequests.received;
  const look = () => {
    const { received } = requests.counts().AppRequests;
    if (received === from) return;
    const rows = requests.rows('AppRequests', { from, named: true });
    from = received;
    write(rows.map((row) => describeRequest(row, paint)).join(''));
  };
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      look();
    },
  };
}

export function describeRequest(row: Row, paint: Paint): string {
  const { what, result, durationMs, fails, fields } = describeRow(row);
  const isMessage = !row.Url;
  const weight = Number(row.ItemCount ?? 1);
  const status = Number(result);
  const colour = fails || status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green';
  const parts = [
    what,
    paint(colour, result || (fails ? 'failed' : 'ok')),
    duration(durationMs),
    ...(what.includes('(no route)') ? [paint('dim', pathOf(row))] : []),
    ...(isMessage && fields ? [paint('dim', fields)] : []),
    ...(weight > 1 ? [paint('dim', `stands for ${weight}`)] : []),
  ];
  return `${beginLine(paint, row.TimeGenerated, isMessage ? 'message' : 'request', 'cyan')}${parts.join('  ')}\n`;
}

const pathOf = ({ Url }: Row): string => URL.parse(String(Url))?.pathname ?? '';
