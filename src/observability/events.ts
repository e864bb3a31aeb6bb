import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

/**
 * The kinds of fields and their types in code. `bytes` and `milliseconds` are numbers with that unit, `number` is a count.
 * A `personal` text leaves the process only as a hash.
 */
export const fieldKinds = {
  string: 'string',
  personal: 'string',
  boolean: 'boolean',
  number: 'number',
  bytes: 'number',
  milliseconds: 'number',
} as const;

type Types = { string: string; number: number; boolean: boolean };
type Fields = Readonly<Record<string, keyof typeof fieldKinds>>;
type Values<F extends Fields> = { readonly [K in keyof F]: Types[(typeof fieldKinds)[F[K]]] };

interface EventDeclaration {
  /** Completes "announced when": the moment, with who announces it where that is not the business. */
  readonly when: string;
  readonly fields: Fields;
}

/** An event that a business can announce; `name` is `<business>.<event>`, as the rows carry it. */
export interface EventDefinition extends EventDeclaration {
  readonly name: string;
}

/** Runs inside the call of the business: it must be quick, and an error that it throws would end the process. */
export type EventSubscriber = (event: EventDefinition, values: Readonly<Record<string, unknown>>) => void;

const channelName = 'business-events';
const announcements = channel(channelName);
const definitions = new Map<string, EventDefinition>();

/**
 * Declares the events of a business and returns one typed function per event: `events.accepted({ orderId, bytes })`. From
 * the declaration come the types, `docs/signals.md` and the check of every query that names an event or a field.
 * Numbers become measurements, texts and booleans become properties. Without a subscriber a call does nothing and keeps
 * nothing. Throws when a name is taken: the rows of two events with one name could not be told apart.
 */
export function defineEvents<const E extends Readonly<Record<string, EventDeclaration>>>(
  business: string,
  events: E,
): { readonly [Name in keyof E]: (values: Values<E[Name]['fields']>) => void } {
  const announcers = Object.entries(events).map(([event, declaration]) => {
    const name = `${business}.${event}`;
    if (definitions.has(name)) throw new Error(`The event ${name} is defined twice: rename one of them.`);
    const definition = { name, ...declaration };
    definitions.set(name, definition);
    const announce = (values: unknown) => {
      if (announcements.hasSubscribers) announcements.publish([definition, values]);
    };
    return [event, announce];
  });
  return Object.fromEntries(announcers);
}

/** All events that were declared so far. */
export const definedEvents = (): readonly EventDefinition[] => [...definitions.values()];

/** Subscribes to every event. Returns the function that ends the subscription. */
export function watchEvents(subscriber: EventSubscriber): () => void {
  const listener = (announced: unknown) => subscriber(...(announced as Parameters<EventSubscriber>));
  subscribe(channelName, listener);
  return () => void unsubscribe(channelName, listener);
}
