import type { PipelineResponse } from '@azure/core-rest-pipeline';

/** What the endpoint's answer means for a batch. Waits in milliseconds, when the endpoint asked for one. */
export type Verdict =
  | { kind: 'delivered' }
  | { kind: 'refused'; problem: string }
  | { kind: 'later'; problem: string; waitMs?: number | undefined }
  /** Places of items in the batch. */
  | {
      kind: 'partly';
      problem: string;
      later: readonly number[];
      refused: readonly ItemError[];
      waitMs?: number | undefined;
    };

export interface ItemError {
  index: number;
  statusCode: number;
  message: string;
}

/** As the Azure Monitor exporter judges them. 402 is no such status: a quota that is used up loses the data. */
const passing = new Set([401, 403, 408, 429, 439, 500, 502, 503, 504]);
const dailyCap = 439;
const longestWaitMs = 24 * 3_600_000;
/** A daily cap does not pass within seconds. */
const capWaitMs = 60_000;

export function judge({ status, headers, bodyAsText }: PipelineResponse, now: Date): Verdict {
  if (status === 200) return { kind: 'delivered' };
  const waitMs = readRetryAfter(headers.get('retry-after'), now) ?? (status === dailyCap ? capWaitMs : undefined);
  const errors = readErrors(bodyAsText ?? '');
  const problem = `answered with ${status} ${errors[0]?.message.slice(0, 200) ?? ''}`.trim();
  if (status === 206) {
    const later = errors.filter(isPassing).map(({ index }) => index);
    return { kind: 'partly', problem, later, refused: errors.filter((error) => !isPassing(error)), waitMs };
  }
  return passing.has(status) ? { kind: 'later', problem, waitMs } : { kind: 'refused', problem };
}

/** Redirects are the exporter's affair: it knows which hosts it may be sent to. */
export const isRedirect = ({ status }: PipelineResponse): boolean => status === 307 || status === 308;

const isPassing = ({ statusCode, message }: ItemError) =>
  passing.has(statusCode) && message.toLowerCase() !== 'telemetry sampled out.';

/** Seconds or a date (RFC 9110, section 10.2.3), a day at most: timers of more than 24 days fire at once. */
function readRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (!value) return undefined;
  const waitMs = /^\d+$/.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value) - now.getTime();
  return waitMs > 0 ? Math.min(waitMs, longestWaitMs) : undefined;
}

function readErrors(text: string): ItemError[] {
  try {
    const { errors } = JSON.parse(text) as { errors?: Partial<ItemError>[] };
    return (errors ?? []).map(({ index = -1, statusCode = 0, message = '' }) => ({ index, statusCode, message }));
  } catch {
    return [];
  }
}
