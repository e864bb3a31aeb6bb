import { untilAborted } from '../../../platform/deadline.ts';
import { watchEvents } from '../../events.ts';
import type { SetUp } from '../../module.ts';
import { watchDeadLetters } from '../custom-events/message-events.ts';
import { createPersonalHash } from '../custom-events/personal-data.ts';
import { other } from './bounded-counts.ts';
import { createHashes } from './hashes.ts';
import type { manifest } from './manifest.ts';
import { createProducers } from './producers.ts';
import { createSecurityCounts } from './security-counts.ts';
import type { Change } from './security-row.ts';
import { createShipping } from './shipping.ts';
import { watchRequests } from './watch-requests.ts';

/** The events with which `npm run dead-letters` announces what it is about to do. */
const changes: Readonly<Record<string, Change>> = {
  'message.replayed': 'dead-letters-replayed',
  'message.purged': 'dead-letters-purged',
};

/** Of the time of a stop: an endpoint that is silent must not take it from the telemetry that stops later. */
const lastUploadMs = 3_000;

/** Counts what a SIEM must know, and sends it there. Without the two settings it says so and does nothing. */
export const setUp: SetUp<typeof manifest> = (context) => {
  const { section, service, level, settings, variables, clock, log } = context;
  const { SECURITY_LOGS_ENDPOINT: endpoint, SECURITY_LOGS_RULE: rule } = variables;
  if (!endpoint || !rule) {
    log.warning('no security events are sent: set SECURITY_LOGS_ENDPOINT and SECURITY_LOGS_RULE to send them');
    return {};
  }
  const hashes = createHashes(createPersonalHash(variables.PERSONAL_DATA_KEY, log));
  const { serving, producerOf, send, around } = createProducers(hashes);
  const counts = createSecurityCounts();
  const shipping = createShipping(endpoint, rule, context);
  const { name: Service, instance: Instance, version: Version } = service;
  const sender = { Service, Instance, Version, Level: level, Region: settings.region };
  const now = () => clock.now().getTime();
  const stopLetters = watchDeadLetters(({ message, handles: Source, reason: Reason }) => {
    const facts = { Event: 'dead-lettered', Producer: producerOf(message), Source, Reason } as const;
    counts.noteOnce(`${Source} ${message.sequenceNumber}`, facts);
  });
  const stopChanges = watchEvents(({ name }, { source, actorId }) => {
    const Event = changes[name];
    if (Event) counts.note({ Event, Source: String(source), Actor: String(actorId) });
  });
  let timer: NodeJS.Timeout | undefined;

  function collect(end?: AbortSignal): Promise<void> {
    const rows = counts.take(now(), end !== undefined);
    const calls = rows.reduce((sum, { Fingerprint, Calls }) => (Fingerprint === other ? sum + Calls : sum), 0);
    if (calls > 0) log.warning('security events of too many callers are counted as one', { calls });
    shipping.add(rows.map((row) => ({ ...row, ...sender })));
    shipping.reportLost();
    return shipping.flush(end ?? AbortSignal.any([]));
  }

  return {
    http: [watchRequests(hashes, serving, (request) => counts.request({ ...request, at: now() }))],
    around: [around],
    send: [send],
    start() {
      counts.note({ Event: 'service-started', Identity: settings.azureClientId ?? '' });
      timer = setInterval(() => collect(), section.everySeconds * 1_000).unref();
      void collect();
    },
    async stop(deadline) {
      clearInterval(timer);
      stopLetters();
      stopChanges();
      const end = AbortSignal.any([deadline, AbortSignal.timeout(lastUploadMs)]);
      const sent = collect(end);
      await untilAborted(end, () => sent).catch(() => {});
      shipping.reportLost(true);
    },
  };
};
