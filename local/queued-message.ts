import { originalIdOf, property } from '../src/platform/message-properties.ts';
import type { QueuedMessage } from './service-bus/entity/message.ts';
import { decodeMap } from './service-bus/wire/encoding.ts';

/** Application properties of a message in the broker, as a receiver would see them. */
export function propertiesOf({ content, changedProperties }: QueuedMessage): Record<string, unknown> {
  const sent = Object.entries(decodeMap(content.sections.applicationProperties));
  return { ...Object.fromEntries(sent.map(([name, { value }]) => [name, value])), ...changedProperties };
}

/** The message id that the sender gave, on a copy too. */
export const sentIdOf = (message: QueuedMessage): string =>
  originalIdOf({ messageId: message.content.messageId, applicationProperties: propertiesOf(message) });

/** How many copies were made of it before, itself included: 1 for a message that the sender sent. */
export const copyOf = (message: QueuedMessage): number => Number(propertiesOf(message)[property.copy] ?? 1);
