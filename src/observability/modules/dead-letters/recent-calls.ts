import { CircuitState, type IBreaker } from 'cockatiel';

const remembered = 20;
const enough = 5;

/** Remembers for which message each of the last calls failed, which cockatiel's own breakers do not. */
export function createRecentCalls() {
  const failedFor: (string | undefined)[] = [];
  /** Notes the message of a failed call. Call it before the breaker gets the failure. */
  const add = (message?: string) => {
    failedFor.push(message);
    if (failedFor.length > remembered) failedFor.shift();
  };
  const breaker: IBreaker = {
    state: undefined,
    success(state) {
      if (state === CircuitState.HalfOpen) failedFor.length = 0;
      add();
    },
    failure(state) {
      const failures = failedFor.filter((message) => message !== undefined);
      const mostFailed = failedFor.length >= enough && failures.length > failedFor.length / 2;
      return state !== CircuitState.Closed || (mostFailed && new Set(failures).size > 1);
    },
  };
  return { breaker, add };
}
