export interface GroupedWriter<Item> {
  /** Resolves when the items are written, and rejects when they, and what was written with them, are not. */
  add(items: readonly Item[]): Promise<void>;
  /** Runs a task between two writes. */
  exclusively(task: () => void | Promise<void>): Promise<void>;
}

/** One write at a time; what comes meanwhile waits and is written together, so that many small batches cost few commits. */
export function createGroupedWriter<Item>(write: (items: readonly Item[]) => Promise<void>): GroupedWriter<Item> {
  let last: Promise<void> = Promise.resolve();
  let next: { items: Item[]; written: Promise<void> } | undefined;

  const exclusively: GroupedWriter<Item>['exclusively'] = (task) => {
    last = last.catch(() => undefined).then(task);
    return last;
  };
  return {
    add(items) {
      if (items.length === 0) return last.catch(() => undefined);
      if (!next) {
        const group: Item[] = [];
        const written = exclusively(() => {
          next = undefined;
          return write(group);
        });
        next = { items: group, written };
      }
      for (const item of items) next.items.push(item);
      return next.written;
    },
    exclusively,
  };
}
