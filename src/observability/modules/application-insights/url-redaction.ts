import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import { SpanKind } from '@opentelemetry/api';

type SpanProcessor = NonNullable<AzureMonitorOpenTelemetryOptions['spanProcessors']>[number];

const longestQuery = 1_024;
const urlAttributes = ['url.full', 'url.query', 'http.url', 'http.target'];

/**
 * Hides the parts of a URL that may contain tokens, signatures and personal data: user information, fragment and the
 * values of the query. The names in the query stay.
 */
export const redactUrl = (url: string): string =>
  url
    .replace(/#.*/s, '')
    .replace(/^([\w+.-]+:\/\/)[^/?]*@/, '$1')
    .replace(/\?.*/s, (query) => query.slice(0, longestQuery).replaceAll(/(?<=^\?|&)([^=&]*=)?[^&]*/g, '$1REDACTED'));

/** Hides the same in the spans of outgoing calls: their instrumentations hide a few known signatures only. */
export const urlRedaction: SpanProcessor = {
  onStart(span) {
    if (span.kind !== SpanKind.CLIENT) return;
    for (const name of urlAttributes) {
      const url = span.attributes[name];
      if (typeof url === 'string') span.setAttribute(name, redactUrl(url));
    }
  },
  onEnd() {},
  forceFlush: async () => {},
  shutdown: async () => {},
};
