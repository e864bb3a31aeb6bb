import { z } from 'zod';
import { isLoopbackUrl } from './loopback.ts';

/** An absolute `https` address, or an `http` one that stays on this machine. `error` says what is allowed. */
export const safeUrl = (error?: string) =>
  z
    .url({ protocol: /^https?$/, ...(error && { error }) })
    .refine((text) => /^https:/i.test(text) || isLoopbackUrl(URL.parse(text)), error);

/** Keys in lower case; a part without "=" is a key without value. */
function partsOf(text: string): Map<string, string> {
  const parts = text.split(';').filter((part) => part.trim() !== '');
  return new Map(
    parts.map((part) => {
      const [key = '', ...value] = part.split('=');
      return [key.trim().toLowerCase(), value.join('=').trim()];
    }),
  );
}

/**
 * The connection string of Application Insights, checked as strictly as by the exporter of
 * `@azure/monitor-opentelemetry` (`connectionStringParser.js`). With an invalid string the exporter would throw, or
 * ignore the whole string, after the service has started.
 */
export const applicationInsightsConnection = z
  .string()
  .transform((text) => text.replace(/[\s;]+$/, ''))
  .superRefine((text, context) => {
    if (!text.split(';').every((part) => /^[^\s=]+=[^\s=]*$/.test(part))) {
      context.addIssue('parts of the form key=value between semicolons, with one "=" and no blank in each');
    }
    const parts = partsOf(text);
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(parts.get('instrumentationkey') ?? '')) {
      context.addIssue('an InstrumentationKey that is a GUID in lower case');
    }
    for (const key of ['IngestionEndpoint', 'LiveEndpoint']) {
      const endpoint = parts.get(key.toLowerCase());
      if (endpoint !== undefined && !safeUrl().safeParse(endpoint).success) {
        context.addIssue(`as ${key} an https address, or an http address on this machine`);
      }
    }
  });

/** The connection string of a Service Bus namespace, as `@azure/core-amqp` reads it. */
export const serviceBusConnection = z.string().superRefine((text, context) => {
  const parts = partsOf(text);
  if (!/^sb:\/\/[^/\s]+\/?$/.test(parts.get('endpoint') ?? '')) {
    context.addIssue('an Endpoint of the form sb://<namespace>');
  }
  const hasKey = parts.get('sharedaccesskeyname') && parts.get('sharedaccesskey');
  if (!hasKey && !parts.get('sharedaccesssignature')) {
    context.addIssue('a SharedAccessKeyName with its SharedAccessKey, or a SharedAccessSignature');
  }
  if (parts.has('entitypath')) {
    context.addIssue('the connection string of the namespace, without EntityPath');
  }
});
