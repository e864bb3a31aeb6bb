/** Ends a command with one sentence that says what to do: wrong usage, no access, or nothing is running. */
export class CommandRefused extends Error {
  override name = 'CommandRefused';
}

/** Done; something that was meant was not done; `CommandRefused`. */
export const exitCodes = { done: 0, finding: 1, refused: 2 } as const;
