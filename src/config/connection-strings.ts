import { z } from 'zod';
import { isLoopbackUrl } from './loopback.ts';

/** An absolute `https` address, or an `http` one that stays on this machine. `error` says what is allowed. */
export const safeUrl = (error?: string) =>
  z
    .url({ protocol: /^https?$/, error })
    .refine((text) => /^https:/i.test(text) || isLoopbackUrl(URL.parse(text)), error);

type PartOf = (key: string) => string;

/**
 * A connection string that passes each check. A check stands under what it allows, because a fault hides the value. It
 * gets the value of a key, letter case ignored; empty when the key is absent. Of two values the last counts, as in the
 * SDKs.
 */
const connectionString = (checks: Readonly<Record<string, (part: PartOf, text: string) => boolean>>) =>
  z.string().superRefine((text, context) => {
    const part = (key: string) => new RegExp(`^(?:.*;)?\\s*${key}\\s*=([^;]*)`, 'is').exec(text)?.[1]?.trim() ?? '';
    for (const [allowed, holds] of Object.entries(checks)) if (!holds(part, text)) context.addIssue(allowed);
  });

const emptyOrSafe = (url: string) => url === '' || safeUrl().safeParse(url).success;

/**
 * The connection string of Application Insights, checked as strictly as by the exporter of
 * `@azure/monitor-opentelemetry` (`connectionStringParser.js`). With an invalid string the exporter would throw, or
 * ignore the whole string, after the service has started.
 */
export const applicationInsightsConnection = z
  .string()
  .transform((text) => text.replace(/[\s;]+$/, ''))
  .pipe(
    connectionString({
      'parts of the form key=value between semicolons, with one "=" and no blank in each': (_, text) =>
        text.split(';').every((part) => /^[^\s=]+=[^\s=]*$/.test(part)),
      'an InstrumentationKey that is a GUID in lower case': (part) =>
        /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part('InstrumentationKey')),
      'as IngestionEndpoint an https address, or an http address on this machine': (part) =>
        emptyOrSafe(part('IngestionEndpoint')),
      'as LiveEndpoint an https address, or an http address on this machine': (part) =>
        emptyOrSafe(part('LiveEndpoint')),
    }),
  );

/** The connection string of a Service Bus namespace, as `@azure/core-amqp` reads it. */
export const serviceBusConnection = connectionString({
  'an Endpoint of the form sb://<namespace>': (part) => /^sb:\/\/[^/\s]+\/?$/.test(part('Endpoint')),
  'a SharedAccessKeyName with its SharedAccessKey, or a SharedAccessSignature': (part) =>
    part('SharedAccessSignature') !== '' || (part('SharedAccessKeyName') !== '' && part('SharedAccessKey') !== ''),
  'the connection string of the namespace, without EntityPath': (part) => part('EntityPath') === '',
});
