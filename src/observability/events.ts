import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

type FieldType = 'string' | 'number' | 'boolean';
type Fields = Readonly<Record<string, FieldType>>;
type ValueOf<T extends FieldType> = T extends 'string' ? string : T extends 'number' ? number : boolean;
type Values<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** An event that a business can announce; `name` is `<business>.<event>`, as the rows carry it. */
export interface EventDefinition {
  readonly name: string;
  readonly fields: Fields;
}

/** Runs inside the call of the business: it must be quick, and an error that it throws would end the process. */
export type EventSubscriber = (event: EventDefinition, values: Readonly<Record<string, unknown>>) => void;

const definitions = new Map<string, EventDefinition>();
const definitionsChannel = 'business-event-defined';
const channelOf = ({ name }: EventDefinition) => `business-event:${name}`;

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
    const definition: EventDefinition = { name: `${business}.${event}`, fields };
    if (definitions.has(definition.name))
      throw new Error(`The event ${definition.name} is defined twice: rename one of them.`);
    definitions.set(definition.name, definition);
    channel(definitionsChannel).publish(definition);
    const announcements = channel(channelOf(definition));
    return [event, (values: unknown) => announcements.publish(values)];
  });
  return Object.fromEntries(announcers);
}

/** Subscribes to every event, defined already or later. Returns the function that ends the subscription. */
export function watchEvents(subscriber: EventSubscriber): () => void {
  const ends: (() => void)[] = [];
  const listen = (name: string, listener: (message: unknown) => void) => {
    subscribe(name, listener);
    ends.push(() => unsubscribe(name, listener));
  };
  const watch = (event: EventDefinition) =>
    listen(channelOf(event), (values) => subscriber(event, values as Record<string, unknown>));

  listen(definitionsChannel, (event) => watch(event as EventDefinition));
  for (const event of definitions.values()) watch(event);
  return () => {
    for (const end of ends.splice(0)) end();
  };
}
