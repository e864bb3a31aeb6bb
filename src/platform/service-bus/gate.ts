/** What a slot holds while it receives; it must be given back, with whether a message came. */
export interface Pass {
  done(received: boolean): void;
}

export interface Gate {
  /** Resolves when a slot may receive, or when it has given up. */
  enter(gaveUp: () => boolean): Promise<Pass>;
  /** Lets those who wait ask again whether they have given up. */
  nudge(): void;
  /** Whether it was open. */
  close(): boolean;
  /** While closed: lets one message through. */
  admitOne(): void;
  /** Whether it was closed. */
  open(): boolean;
}

const free: Pass = { done: () => {} };

/** Decides how many slots may receive: all while it is open, none while it is closed, one for a probe. */
export function createGate(): Gate {
  let closed = false;
  let single = false;
  const waiting: (() => void)[] = [];
  const nudge = () => {
    for (const proceed of waiting.splice(0)) proceed();
  };

  return {
    nudge,
    async enter(gaveUp) {
      while (closed && !single && !gaveUp()) await new Promise<void>((resolve) => waiting.push(resolve));
      if (!closed || gaveUp()) return free;
      single = false;
      return {
        done(received) {
          if (received || !closed) return;
          single = true; // nothing came: the probe is still to be made
          nudge();
        },
      };
    },
    close() {
      if (closed) return false;
      closed = true;
      return true;
    },
    admitOne() {
      single = closed;
      nudge();
    },
    open() {
      if (!closed) return false;
      closed = false;
      single = false;
      nudge();
      return true;
    },
  };
}
