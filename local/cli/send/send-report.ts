import { formatTable } from '../table.ts';
import type { SendResult } from './tally.ts';

const SHOWN_FINDINGS = 20;

const list = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name}: ${count}`)
    .join(', ');

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** The result as a table for people. */
export function describeResult(result: SendResult, repeatedDeliveries: number): string {
  const { sent, accepted, delivered, byDestination, deadLettered, refused, failed, duplicates, lost, seconds } = result;
  const pace = seconds > 0 ? `${Math.round(sent / seconds)} a second` : '';
  const repeated = repeatedDeliveries > 0 ? `${repeatedDeliveries} arrived once more` : '';
  return formatTable([
    ['sent', String(sent), pace],
    ['accepted', String(accepted), '= delivered + dead-lettered + lost'],
    ['delivered', String(delivered), [list(byDestination), repeated].filter(Boolean).join('; ')],
    ['dead-lettered', String(deadLettered), ''],
    ['refused', String(sum(refused)), list(refused)],
    ['failed', String(failed), ''],
    ['duplicates', String(duplicates), duplicates > 0 ? 'repeats of an accepted request' : ''],
    ['lost', String(lost), lost > 0 ? 'accepted, and at no end when the time was over' : ''],
    ['seconds', String(seconds), ''],
  ]);
}

/** How a service elsewhere answered; what became of what it accepted is not seen from here. */
export interface Answers extends Pick<SendResult, 'sent' | 'accepted' | 'refused' | 'failed' | 'seconds'> {
  /** The id of the trace of the first request. */
  firstTrace: string;
}

/** The answers as a table for people. */
export function describeAnswers({ sent, accepted, refused, failed, seconds, firstTrace }: Answers): string {
  return formatTable([
    ['sent', String(sent), ''],
    ['accepted', String(accepted), 'answered with 2xx; how it ended is not seen from here'],
    ['refused', String(sum(refused)), list(refused)],
    ['failed', String(failed), ''],
    ['seconds', String(seconds), ''],
    ['first trace', firstTrace, 'find it in the logs of the workspace'],
  ]);
}

/** What people must hear of, one line each; a long list is cut and counted. */
export function describeFindings(findings: readonly string[]): string {
  const lines = findings.slice(0, SHOWN_FINDINGS);
  if (findings.length > SHOWN_FINDINGS) lines.push(`and ${findings.length - SHOWN_FINDINGS} more`);
  return lines.map((line) => `${line}\n`).join('');
}
