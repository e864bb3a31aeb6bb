import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import { SpanKind } from '@opentelemetry/api';

type SpanProcessor = NonNullable<AzureMonitorOpenTelemetryOptions['spanProcessors']>[number];

const longestQuery = 1_024;
const urlAttributes = ['url.full', 'url.query', 'http.url', 'http.target'];

/** Keeps the names of a query and hides its values: they hold tokens, signatures and personal data. */
export function redactQuery(url: string): string {
  const start = url.indexOf('?');
  if (start < 0) return url;
  const pairs = url.slice(start + 1, start + longestQuery).split('&');
  return `${url.slice(0, start)}?${pairs.map(redactPair).join('&')}`;
}

const redactPair = (pair: string) => {
  const equals = pair.indexOf('=');
  return equals < 0 ? 'REDACTED' : `${pair.slice(0, equals)}=REDACTED`;
};

/** The same for outgoing calls: their instrumentations hide a handful of known signatures only. */
export const queryRedaction: SpanProcessor = {
  onStart(span) {
    if (span.kind !== SpanKind.CLIENT) return;
    for (const name of urlAttributes) {
      const url = span.attributes[name];
      if (typeof url === 'string' && url.includes('?')) span.setAttribute(name, redactQuery(url));
    }
  },
  onEnd() {},
  forceFlush: async () => {},
  shutdown: async () => {},
};
