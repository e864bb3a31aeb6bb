/** What a receiver has asked for, in a form that does not depend on when frames are written. */
export interface Credit {
  /** Messages that may still be handed to the link. */
  readonly left: number;
  /** The receiver says up to which message, counted from the link's first, it has room. */
  grantUpTo(limit: number): void;
  /** One message was handed to the link. */
  use(): void;
  /** Uses up all that is left, as the answer to a drain does. */
  drain(): void;
}

/**
 * rhea lowers `sender.credit` only when it writes the frames, one tick later; who counts on it hands out too much. So
 * both sides are counted from the link's first message: what was granted, and what was handed over.
 */
export function createCredit(): Credit {
  let granted = 0;
  let used = 0;
  return {
    get left() {
      return Math.max(granted - used, 0);
    },
    grantUpTo(limit) {
      granted = limit;
    },
    use() {
      used += 1;
    },
    drain() {
      used = granted;
    },
  };
}
