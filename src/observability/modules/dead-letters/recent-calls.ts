import { CircuitState, type IBreaker } from 'cockatiel';

const remembered = 20;
const enough = 5;

/** What cockatiel's own breakers cannot know: for which message each of the last calls failed. */
export function createRecentCalls() {
  const failedFor: (string | undefined)[] = [];
  /** Of a call that failed, before the breaker hears of it: for which message it was made. */
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
