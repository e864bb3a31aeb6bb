import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import type { LocalBusiness, LocalRequests } from '../../business/local-business.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import { Refused } from './api-problem.ts';
import type { ApiRoutes } from './api-router.ts';
import type { SendOptions } from './contract.ts';
import { readBodyAs } from './read-body.ts';
import { type NamedRequest, requestOfFile, type SentFiles } from './sent-files.ts';

const MOST_SAMPLES = 1_000;
const sendBody = z.union([
  z.strictObject({ name: z.string().min(1).max(1_000), base64: z.base64() }),
  z.strictObject({ sample: z.int().min(1).max(MOST_SAMPLES) }),
]);
const modeNames = ['ok', 'down', 'slow', 'flaky'];
const ownModes: Readonly<Record<string, readonly string[]>> = {
  destination: ['reject', 'hang', 'throttle'],
  ingestion: ['429', '439', '500', '503'],
  'service-bus': ['server-busy'],
};
const nobody = 'No business says what to send: list one in local/business/index.ts with "requests".';

/** Sends the business's own requests through the service's address. */
export function sendRoutes(
  { businesses, switches }: Pick<DashboardParts, 'businesses' | 'switches'>,
  sent: SentFiles,
): ApiRoutes {
  const able = businesses.find((business) => business.requests !== undefined);

  const options = (): SendOptions => ({
    files: able?.requests?.fromFiles !== undefined,
    sample: able?.requests?.sample !== undefined,
    ...(able ? targetOf(able) : { why: nobody }),
    sent: sent.items(),
    faults: Object.entries(switches).flatMap(([target, standIn]) =>
      typeof standIn === 'string'
        ? []
        : [
            {
              target: target as SendOptions['faults'][number]['target'],
              mode: modeOf(standIn.faults.state()),
              modes: [...modeNames, ...(ownModes[target] ?? [])],
            },
          ],
    ),
  });

  return {
    'GET send': () => ({ data: options() }),
    'POST send': ({ body }) => {
      const asked = readBodyAs(sendBody, body);
      const requests = able?.requests;
      if (!requests) throw cannot(nobody);
      const named = 'sample' in asked ? samples(requests, asked.sample) : files(requests, asked);
      return { status: 202, data: { items: sent.send(named, requests.follow) } };
    },
  };
}

const cannot = (detail: string) =>
  new Refused(409, {
    title: 'This cannot be sent',
    detail,
    remedy: 'local/business/local-business.ts describes what a business may say.',
  });

function files(requests: LocalRequests, { name, base64 }: { name: string; base64: string }): NamedRequest[] {
  const request = requestOfFile(requests, name, Buffer.from(base64, 'base64'));
  if (!request) throw cannot('The business does not say how a file is sent.');
  return [{ name, isFile: true, request }];
}

function* samples({ sample }: LocalRequests, count: number): Generator<NamedRequest> {
  if (!sample) throw cannot('The business makes no requests of its own.');
  const options = { count, seed: randomInt(1, 2 ** 31), runId: randomBytes(8).toString('hex') };
  for (const request of sample(options)) {
    const { fileName, label } = request;
    yield { name: fileName ?? label, isFile: fileName !== undefined, request };
  }
}

/** Where a file goes, as the business's own request says it. */
function targetOf({ requests }: LocalBusiness): Pick<SendOptions, 'target'> {
  const [request] = requests?.fromFiles?.(['file'], '') ?? [];
  if (!request) return {};
  return { target: 'target' in request ? request.target : `${request.method ?? 'POST'} ${request.path}` };
}

/** The mode of a stand-in; of several destinations the first that is not well. */
function modeOf(state: object): string {
  const { mode, destinations, listening } = state as {
    mode?: string;
    listening?: boolean;
    destinations?: Record<string, { mode: string }>;
  };
  if (mode !== undefined) return mode;
  if (listening === false) return 'down';
  return Object.values(destinations ?? {}).find((each) => each.mode !== 'ok')?.mode ?? 'ok';
}
