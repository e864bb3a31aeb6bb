import type { ReceivedMessage } from './messaging.ts';

/** The prefix of the names of our properties and of the ids of our copies. */
export const ownPrefix = 'obs-';

/**
 * The application properties that the service adds to a message and that a receiver at any level reads. The module
 * `dead-letters` has further ones in its `properties.ts`. They share one prefix, so that none overwrites a sender's own
 * `attempt` or `history`. Read them with the functions below, which check the values.
 */
export const property = {
  /** On copies: the message id that the sender gave, the same on every copy. */
  originalId: `${ownPrefix}original-id`,
  /** The number of this attempt: 1 on the first message. */
  attempt: `${ownPrefix}attempt`,
  /** The number of this copy: 1 on the first message. */
  copy: `${ownPrefix}copy`,
  /** When the broker first accepted the message: ISO 8601, the same on every copy. */
  firstEnqueuedAt: `${ownPrefix}first-enqueued-at`,
  /** On a canary, a message of `npm run doctor` or of the module `heartbeat`: true. */
  canary: `${ownPrefix}canary`,
} as const;

type Properties = Readonly<Record<string, unknown>> | undefined;

/** The text of a property; undefined when it is absent, empty or no text. */
export const textIn = (properties: Properties, name: string): string | undefined => {
  const value = properties?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** A whole number of at least 0; anything else counts as 0. */
export const countIn = (properties: Properties, name: string): number => {
  const value = properties?.[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
};

/** A point in time as ISO 8601 text; undefined when the property is absent or holds no date. */
export const timeIn = (properties: Properties, name: string): Date | undefined => {
  const time = new Date(textIn(properties, name) ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
};

/** A message id as text: the SDK shows a UUID as 16 bytes. */
export const idText = (id: ReceivedMessage['messageId']): string =>
  Buffer.isBuffer(id) ? id.toString('hex') : String(id ?? '');

type Identified = Pick<Partial<ReceivedMessage>, 'messageId'> & { applicationProperties?: Properties };

/** The original id: the message id that the sender gave, also for a copy. */
export const originalIdOf = ({ messageId, applicationProperties }: Identified): string =>
  textIn(applicationProperties, property.originalId) ?? idText(messageId);

/** The body. AMQP allows several data sections, which the SDK shows as an array: they become one Buffer. */
export const bodyOf = ({ body, _rawAmqpMessage: { bodyType } }: ReceivedMessage): unknown =>
  bodyType === 'data' && Array.isArray(body) ? Buffer.concat(body) : body;

type Content = { body: unknown; applicationProperties?: Properties };

/**
 * Whether the message is a canary, which only asks whether a worker takes messages: it is marked, has no body and lies
 * in a queue. In a subscription it is ordinary, because its topic has given it to every other subscription too.
 */
export const isCanary = ({ body, applicationProperties: given }: Content, { queue }: { queue?: string }): boolean =>
  queue !== undefined && given?.[property.canary] === true && Buffer.isBuffer(body) && body.length === 0;

/** Which attempt this delivery is. Copies count theirs in a property: the broker counts each copy from the beginning. */
export const attemptOf = ({ applicationProperties, deliveryCount = 0 }: ReceivedMessage): number =>
  countIn(applicationProperties, property.attempt) || deliveryCount + 1;

/**
 * The properties without ours. A handler may put the properties of a received message on a message that it sends: the
 * history and the original id of the received message must not go with them.
 */
export const withoutOurs = <Value>(properties: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith(ownPrefix)));
