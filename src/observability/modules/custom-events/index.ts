import { type AnyValueMap, type Logger, logs } from '@opentelemetry/api-logs';
import { type EventDefinition, fieldKinds, watchEvents } from '../../events.ts';
import type { SetUp } from '../../module.ts';
import { redactFields } from '../structured-logs/redact.ts';
import { announceRun } from './job-events.ts';
import type { manifest } from './manifest.ts';
import { announceDelivery, announceSend } from './message-events.ts';
import { createPersonalHash } from './personal-data.ts';

/**
 * Turns the events of the business into rows of AppEvents: numbers as measurements, text and booleans as properties.
 */
export const setUp: SetUp<typeof manifest> = ({ variables, log }) => {
  const hash = createPersonalHash(variables.PERSONAL_DATA_KEY, log);
  let logger: Logger | undefined;
  const record = (event: EventDefinition, values: Readonly<Record<string, unknown>>) => {
    try {
      // Not earlier: a logger taken before the SDK starts never begins to work.
      logger ??= logs.getLogger('custom-events');
      logger.emit({ attributes: describeEvent(event, values, hash) });
    } catch (error) {
      log.warning('an event was not recorded', { event: event.name, error });
    }
  };
  const stop = watchEvents(record);

  return {
    around: [announceDelivery],
    send: [announceSend],
    job: [announceRun],
    async stop() {
      stop();
    },
  };
};

/** Keeps only declared fields with values of the declared kind, so that a column never changes its type. */
function describeEvent(
  { name, fields }: EventDefinition,
  values: Readonly<Record<string, unknown>>,
  hash: (text: string) => string,
): AnyValueMap {
  const properties: Record<string, unknown> = {};
  const measurements: Record<string, number> = {};
  for (const [field, kind] of Object.entries(fields)) {
    const value = values[field];
    if (typeof value !== fieldKinds[kind]) continue;
    if (typeof value === 'number') measurements[field] = value;
    else properties[field] = kind === 'personal' ? hash(String(value)) : value;
  }
  return {
    ...(redactFields(properties) as AnyValueMap),
    'microsoft.custom_event.name': name,
    'microsoft.custom_measurements': JSON.stringify(measurements),
  };
}
