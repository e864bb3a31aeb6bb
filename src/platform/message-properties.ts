import type { ReceivedMessage } from './messaging.ts';

const prefix = 'obs-';

/**
 * Every application property that this service adds to a message. They share one prefix, so that none takes the place
 * of a sender's own `attempt` or `history`. Read them with the functions below, which check what they find.
 */
export const property = {
  /** On copies: the message id that the sender gave, the same on every copy. */
  originalId: `${prefix}original-id`,
  /** The number of this attempt: 1 on the first message. */
  attempt: `${prefix}attempt`,
  /** The number of this copy: 1 on the first message. */
  copy: `${prefix}copy`,
  /** When the broker first accepted the message: ISO 8601, the same on every copy. */
  firstEnqueuedAt: `${prefix}first-enqueued-at`,
  /** When the original time to live ends: ISO 8601, the same on every copy until a replay starts it anew. */
  expiresAt: `${prefix}expires-at`,
  /** The id of the message whose handler sent this one. */
  causationId: `${prefix}causation-id`,
  /** When an attempt first failed: ISO 8601, the same on every later copy. */
  firstFailure: `${prefix}first-failure`,
  /** What became of the attempts so far. */
  history: `${prefix}history`,
  /** On dead letters: the attempt that was the last. */
  attempts: `${prefix}attempts`,
  /** On dead letters: the same for the same failure, as in the log lines. */
  fingerprint: `${prefix}error-fingerprint`,
  /** On dead letters: the version of the service that gave up. */
  serviceVersion: `${prefix}service-version`,
  /** Written by replays: how many there were. */
  replayCount: `${prefix}replay-count`,
  /** Written by replays: the run that sent this copy. */
  replayId: `${prefix}replay-id`,
  /** Written by replays: who ran it. */
  replayActor: `${prefix}replay-actor`,
  /** On dead letters that have been replayed `retry.maxReplays` times. */
  parked: `${prefix}parked`,
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

/** The message id that the sender gave, on a copy too. */
export const originalIdOf = ({ messageId, applicationProperties }: ReceivedMessage): string =>
  textIn(applicationProperties, property.originalId) ?? String(messageId ?? '');
