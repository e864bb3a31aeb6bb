import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

type TypeNames = { string: string; number: number; boolean: boolean };
type Fields = Readonly<Record<string, keyof TypeNames>>;
type Values<F extends Fields> = { readonly [K in keyof F]: TypeNames[F[K]] };

/** An event that a business can announce; `name` is `<business>.<event>`, as the rows carry it. */
export interface EventDefinition {
  readonly name: string;
  readonly fields: Fields;
}

/** Runs inside the call of the business: it must be quick, and an error that it throws would end the process. */
export type EventSubscriber = (event: EventDefinition, values: Readonly<Record<string, unknown>>) => void;

const channelName = 'business-events';
const announcements = channel(channelName);
const names = new Set<string>();

/**
 * Declares the events of a business and returns one typed function per event: `events.accepted({ orderId, bytes })`.
 * Numbers become measurements, strings and booleans become properties. Without a subscriber a call does nothing and keeps
 * nothing. Throws when a name is taken: the rows of two events with one name could not be told apart.
 */
export function defineEvents<const E extends Readonly<Record<string, Fields>>>(
  business: string,
  events: E,
): { readonly [Name in keyof E]: (values: Values<E[Name]>) => void } {
  const announcers = Object.entries(events).map(([event, fields]) => {
    const name = `${business}.${event}`;
    if (names.has(name)) throw new Error(`The event ${name} is defined twice: rename one of them.`);
    names.add(name);
    const announce = (values: unknown) => {
      if (announcements.hasSubscribers) announcements.publish([{ name, fields }, values]);
    };
    return [event, announce];
  });
  return Object.fromEntries(announcers);
}

/** The names of all events that were declared so far. */
export const definedEvents = (): readonly string[] => [...names];

/** Subscribes to every event. Returns the function that ends the subscription. */
export function watchEvents(subscriber: EventSubscriber): () => void {
  const listener = (announced: unknown) => subscriber(...(announced as Parameters<EventSubscriber>));
  subscribe(channelName, listener);
  return () => void unsubscribe(channelName, listener);
}
