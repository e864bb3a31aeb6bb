/**
 * Ends a command with one sentence that says what to do: after wrong usage, without access, or when nothing is running.
 */
export class CommandRefused extends Error {
  override name = 'CommandRefused';
}

/** `done`: everything was done. `finding`: a part was not done. `refused`: the command threw `CommandRefused`. */
export const exitCodes = { done: 0, finding: 1, refused: 2 } as const;
