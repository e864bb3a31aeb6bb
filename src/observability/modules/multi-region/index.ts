import type { Contribution, SetUp } from '../../module.ts';
import { createFallBack } from './fall-back.ts';
import type { manifest } from './manifest.ts';
import { connectOtherRegion } from './other-region.ts';

/** More than the half after which the platform replaces a silent connection: else the own region would never come back. */
const ownShare = 0.6;
/** While the broker of this region is lost, a replica can still answer callers. */
const spares = ['service-bus-send', 'service-bus-receive'];
const nothing = { onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };

/** What an event or a metric has under this name stays, as the fields of a log line and the attributes of a span do. */
const stampRegion = (region: string): Contribution => ({
  azureMonitor: {
    spanProcessors: [{ ...nothing, onStart: (span) => void span.setAttribute('region', region) }],
    logRecordProcessors: [{ ...nothing, onEmit: (row) => void row.setAttributes({ region, ...row.attributes }) }],
    views: [{ instrumentName: '*', attributesProcessors: [{ process: (own) => ({ region, ...own }) }] }],
  },
  logFields: [() => ({ region })],
});

/** Telemetry names its region, and a message that the own region does not accept goes to the other one. */
export const setUp: SetUp<typeof manifest> = ({ settings, variables, service, credential, log }) => {
  const { region, sendTimeoutMs } = settings;
  const target = variables.SERVICEBUS_FALLBACK_NAMESPACE;
  const telemetry = region === '' ? {} : stampRegion(region);
  if (target === undefined || service.roles.length === 0) return telemetry; // a command sends nothing but copies
  const other = connectOtherRegion(target, credential, sendTimeoutMs * (1 - ownShare));
  const { send, entities } = createFallBack(other.send, sendTimeoutMs * ownShare, log);
  const open = (signal: AbortSignal) => Promise.all(entities().map((entity) => other.open(entity, signal)));
  const check = (signal: AbortSignal) => open(signal).then(() => ({ ok: true }));
  const healthChecks = [{ name: 'other-region', needed: false, spares, check }];
  return { ...telemetry, send: [send], healthChecks, stop: other.close };
};
