import { type AnyValueMap, type Logger, logs } from '@opentelemetry/api-logs';
import { type EventDefinition, watchEvents } from '../../events.ts';
import type { SetUp } from '../../module.ts';
import { redactFields } from '../structured-logs/redact.ts';
import type { manifest } from './manifest.ts';
import { announceDelivery, announceSend } from './message-events.ts';

/**
 * Turns the events of the business into rows of AppEvents: numbers as measurements, text and booleans as properties.
 */
export const setUp: SetUp<typeof manifest> = ({ log }) => {
  let logger: Logger | undefined;
  const record = (event: EventDefinition, values: Readonly<Record<string, unknown>>) => {
    try {
      // Not earlier: a logger taken before the SDK starts never begins to work.
      logger ??= logs.getLogger('custom-events');
      logger.emit({ attributes: describeEvent(event, values) });
    } catch (error) {
      log.warning('an event was not recorded', { event: event.name, error });
    }
  };
  const stop = watchEvents(record);

  return {
    around: [announceDelivery],
    send: [announceSend],
    async stop() {
      stop();
    },
  };
};

/** Keeps only declared fields with values of the declared type, so that a column never changes its type. */
function describeEvent({ name, fields }: EventDefinition, values: Readonly<Record<string, unknown>>): AnyValueMap {
  const properties: Record<string, unknown> = {};
  const measurements: Record<string, number> = {};
  for (const [field, type] of Object.entries(fields)) {
    const value = values[field];
    if (typeof value !== type) continue;
    if (typeof value === 'number') measurements[field] = value;
    else properties[field] = value;
  }
  return {
    ...(redactFields(properties) as AnyValueMap),
    'microsoft.custom_event.name': name,
    'microsoft.custom_measurements': JSON.stringify(measurements),
  };
}
