/** Runs out when nothing good has happened for `ms`. */
export interface Patience {
  readonly signal: AbortSignal;
  /** Something good happened: the wait begins anew. */
  renew(): void;
  stop(): void;
}

export function createPatience(ms: number): Patience {
  const over = new AbortController();
  const arm = () => setTimeout(() => over.abort(), ms);
  let timer = arm();
  return {
    signal: over.signal,
    renew() {
      if (over.signal.aborted) return;
      clearTimeout(timer);
      timer = arm();
    },
    stop: () => clearTimeout(timer),
  };
}
