import { setTimeout as wait } from 'node:timers/promises';
import type { DrilledCheckout } from '../../drills/drilled-checkout.ts';
import { type ServiceStart, startDrilledService } from '../../drills/drilled-service.ts';
import { startTokenIssuer } from '../../token-issuer/token-issuer.ts';
import type { ComparedRows } from '../rows/compare-rows.ts';
import { client, idsOfService, objectOf } from './ids-of-service.ts';
import type { LastCall } from './last-calls.ts';
import { compareHours, expectedRows, type HourRow, hourRows } from './rows-of-service.ts';
import { sendCalls } from './send-calls.ts';

export interface ThroughService extends ComparedRows {
  /** What the service wrote. */
  readonly written: readonly HourRow[];
  /** Requests that the service answered. */
  readonly calls: number;
}

const audience = 'api://extraction';
const role = 'Extraction.Read';
const key = 'key_of_the_hashes_of_this_drill_alone';
const hourMs = 3_600_000;
/** Longer than the requests take. */
const roomMs = 180_000;
const notFound = 404;

/**
 * Sends calls to the real service, each as a request with the token of its account, and holds the rows that it wrote against those
 * that its aggregator makes of the same calls. Waits for the next hour where this one ends soon. Throws when the service answered
 * another way than expected.
 */
export async function throughService(
  checkout: DrilledCheckout,
  config: ServiceStart['config'],
  calls: readonly LastCall[],
  told?: () => void,
): Promise<ThroughService> {
  const left = hourMs - (Date.now() % hourMs);
  if (left < roomMs) await wait(left);
  const issuer = await startTokenIssuer({ audience });
  try {
    const env = {
      ...{ TOKEN_ISSUER: issuer.issuer, TOKEN_AUDIENCE: audience, TOKEN_ROLES: role },
      PERSONAL_DATA_KEY: key,
    };
    const service = await startDrilledService(checkout, { config, env });
    try {
      const tokens = new Map<number, Promise<string>>();
      const tokenOf = (account: number) => {
        const known = tokens.get(account) ?? issuer.token({ client, object: objectOf(account), roles: [role] });
        tokens.set(account, known);
        return known;
      };
      const statuses = await sendCalls(service.url, calls, { tokenOf, ...(told && { told }) });
      if ((statuses.get(notFound) ?? 0) !== calls.length)
        throw new Error(`The service answered ${JSON.stringify([...statuses])} to ${calls.length} requests.`);
      await service.finish();
      const ids = idsOfService(key, new URL(service.url).host, calls);
      const written = hourRows(service.insights.rows('ServiceSecurity_CL'), ids);
      return { written, calls: calls.length, ...compareHours(expectedRows(calls), written) };
    } finally {
      await service.stop();
    }
  } finally {
    await issuer.stop();
  }
}
