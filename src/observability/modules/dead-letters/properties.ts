import { ownPrefix, property as read } from '../../../platform/message-properties.ts';

/** Every application property that the service adds to a message; see `message-properties.ts`. */
export const property = {
  ...read,
  /** When the time to live of the first message ends: ISO 8601, the same on every copy until a replay. */
  expiresAt: `${ownPrefix}expires-at`,
  /** When an attempt first failed: ISO 8601, the same on every later copy. */
  firstFailure: `${ownPrefix}first-failure`,
  /** The outcomes of the attempts so far. */
  history: `${ownPrefix}history`,
  /** On dead letters: the number of the last attempt. */
  attempts: `${ownPrefix}attempts`,
  /** On dead letters: the error fingerprint, equal for equal failures and equal to that in the log lines. */
  fingerprint: `${ownPrefix}error-fingerprint`,
  /** On dead letters: the version of the service that dead-lettered the message. */
  serviceVersion: `${ownPrefix}service-version`,
  /** Written by replays: how often the message was replayed. */
  replayCount: `${ownPrefix}replay-count`,
  /** Written by replays: the id of the run that sent this copy. */
  replayId: `${ownPrefix}replay-id`,
  /** Written by replays: the actor of that run. */
  replayActor: `${ownPrefix}replay-actor`,
  /** True on dead letters that have been replayed `retry.maxReplays` times. */
  parked: `${ownPrefix}parked`,
} as const;
