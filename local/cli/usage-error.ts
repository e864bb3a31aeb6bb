/** Ends a command with one sentence that says what to do. Exit code 2: wrong usage, or nothing is running. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Done or holds; a finding, such as something that could not be done; wrong usage or nothing running. */
export const exitCodes = { done: 0, finding: 1, usage: 2 } as const;
