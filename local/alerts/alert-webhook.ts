import { isLoopbackUrl } from '../../src/config/loopback.ts';
import { commonAlertSchema } from './common-alert-schema.ts';
import type { AlertNotice } from './evaluated-rule.ts';

const PATIENCE_MS = 10_000;

/** The URL of a webhook on this machine. Throws a sentence for any other, so that no alert of a test leaves it. */
export function webhookUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' && isLoopbackUrl(url)) return url;
  throw new Error(`"${text}" is no http: URL on 127.0.0.1, localhost or ::1; alerts are sent nowhere else from here`);
}

/**
 * Sends alerts as an action group would, in the common alert schema, and not those that are muted. Never throws: `warn` hears
 * when a webhook does not take them, once until it does again. Azure tries a webhook again; this does not.
 */
export function createAlertWebhook(url: URL, warn: (sentence: string) => void): (notice: AlertNotice) => Promise<void> {
  let failing = false;
  return async (notice) => {
    if (notice.muted) return;
    const fault = await post(url, JSON.stringify(commonAlertSchema(notice)));
    if (fault && !failing) warn(`The webhook ${url} did not take the alert of ${notice.rule.name}: ${fault}.`);
    failing = fault !== undefined;
  };
}

/** What went wrong. A redirection could lead off this machine, so that it is none of the answers that are taken. */
async function post(url: URL, body: string): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal });
    await answer.body?.cancel();
    return answer.ok ? undefined : `it answered ${answer.status}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error ? `${message} (${cause.message})` : message;
  }
}
