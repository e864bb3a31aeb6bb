import type { ReceivedMessage } from './messaging.ts';

/** Begins the names of our properties and the ids of our copies. */
export const ownPrefix = 'obs-';

/**
 * Every application property that this service adds to a message. They share one prefix, so that none takes the place
 * of a sender's own `attempt` or `history`. Read them with the functions below, which check what they find.
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
  /** When the original time to live ends: ISO 8601, the same on every copy until a replay starts it anew. */
  expiresAt: `${ownPrefix}expires-at`,
  /** The id of the message whose handler sent this one. */
  causationId: `${ownPrefix}causation-id`,
  /** When an attempt first failed: ISO 8601, the same on every later copy. */
  firstFailure: `${ownPrefix}first-failure`,
  /** What became of the attempts so far. */
  history: `${ownPrefix}history`,
  /** On dead letters: the attempt that was the last. */
  attempts: `${ownPrefix}attempts`,
  /** On dead letters: the same for the same failure, as in the log lines. */
  fingerprint: `${ownPrefix}error-fingerprint`,
  /** On dead letters: the version of the service that gave up. */
  serviceVersion: `${ownPrefix}service-version`,
  /** Written by replays: how many there were. */
  replayCount: `${ownPrefix}replay-count`,
  /** Written by replays: the run that sent this copy. */
  replayId: `${ownPrefix}replay-id`,
  /** Written by replays: who ran it. */
  replayActor: `${ownPrefix}replay-actor`,
  /** On dead letters that have been replayed `retry.maxReplays` times. */
  parked: `${ownPrefix}parked`,
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

interface Identified {
  messageId?: ReceivedMessage['messageId'];
  applicationProperties?: Properties;
}

/** A message id as text: the SDK shows a UUID as 16 bytes. */
export const idText = (id: ReceivedMessage['messageId']): string =>
  Buffer.isBuffer(id) ? id.toString('hex') : String(id ?? '');

/** The message id that the sender gave, on a copy too. */
export const originalIdOf = ({ messageId, applicationProperties }: Identified): string =>
  textIn(applicationProperties, property.originalId) ?? idText(messageId);

/**
 * Without our properties. A handler that gives a message's properties to a message of its own would otherwise give it
 * the failures and the id of the first too.
 */
export const withoutOurs = <Value>(properties: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith(ownPrefix)));
