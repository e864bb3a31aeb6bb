import type { Follow, LocalBusiness, OutgoingRequest } from '../../business/local-business.ts';
import { UsageError } from '../usage-error.ts';

/** What one business sends, as it was asked for. */
export interface Chosen {
  requests(wanted: { paths: readonly string[]; seed: number; runId: string }): Iterable<OutgoingRequest>;
  follow: Follow | undefined;
}

/**
 * The business that `name` names, or the first that has requests. Throws `UsageError` with what to write when none can send
 * what was asked for: `sample` requests of its own or, when that is undefined, files.
 */
export function chooseBusiness(
  businesses: readonly LocalBusiness[],
  { name, sample }: { name?: string | undefined; sample: number | undefined },
): Chosen {
  const able = businesses.filter(({ requests }) => requests !== undefined);
  const chosen = name === undefined ? able[0] : able.find((business) => business.name === name);
  if (name !== undefined && chosen === undefined && able.length > 0) {
    throw new UsageError(`"${name}" has no requests here; choose one of ${able.map((one) => one.name).join(', ')}.`);
  }
  if (chosen?.requests === undefined) {
    throw new UsageError(
      'No business says what to send: list one in local/business/index.ts with "requests", as local/business/local-business.ts describes.',
    );
  }
  const { sample: makeSample, fromFiles, follow } = chosen.requests;
  const lacks = (part: string) =>
    new UsageError(`${chosen.name} does not say how to send that: give it "requests.${part}" in local/business.`);
  if (sample === undefined) {
    if (fromFiles === undefined) throw lacks('fromFiles');
    return { follow, requests: ({ paths, runId }) => fromFiles(paths, runId) };
  }
  if (makeSample === undefined) throw lacks('sample');
  return { follow, requests: ({ seed, runId }) => makeSample({ count: sample, seed, runId }) };
}
