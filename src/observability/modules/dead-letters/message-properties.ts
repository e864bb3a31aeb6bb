/** The application properties that this module writes; `attempt` and `copy` are the platform's. */
export const property = {
  /** When the queue first took the file: ISO 8601, the same on every copy. */
  firstEnqueuedAt: 'first-enqueued-at',
  /** When an attempt first failed: ISO 8601, the same on every later copy. */
  firstFailure: 'first-failure',
  /** What became of the attempts so far, see `history.ts`. */
  history: 'history',
  /** On dead letters: the attempt that was the last. */
  attempts: 'attempts',
  /** On dead letters: the same for the same failure, as in the log lines. */
  fingerprint: 'error-fingerprint',
  /** On dead letters: the version that gave up. */
  serviceVersion: 'service-version',
  /** Written by replays: how many there were. */
  replayCount: 'replay-count',
  /** On dead letters that were replayed often enough. */
  parked: 'parked',
} as const;

type Properties = Readonly<Record<string, unknown>> | undefined;

export const textIn = (properties: Properties, name: string): string | undefined => {
  const value = properties?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** A whole number of at least 0; anything else counts as 0. */
export const countIn = (properties: Properties, name: string): number => {
  const value = properties?.[name];
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 0;
};
