export interface Heap<Item> {
  readonly size: number;
  push(item: Item): void;
  peek(): Item | undefined;
  pop(): Item | undefined;
  /** Drops every item for which `keep` is false. */
  retain(keep: (item: Item) => boolean): void;
}

/** A binary heap: `peek` and `pop` give the item for which `before` holds against all others. */
export function createHeap<Item>(before: (a: Item, b: Item) => boolean): Heap<Item> {
  let items: Item[] = [];

  const swapIfBefore = (child: number, parent: number): boolean => {
    const [a, b] = [items[child], items[parent]];
    if (a === undefined || b === undefined || !before(a, b)) return false;
    items[child] = b;
    items[parent] = a;
    return true;
  };

  const rise = (start: number): void => {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!swapIfBefore(index, parent)) return;
      index = parent;
    }
  };

  const sink = (start: number): void => {
    let index = start;
    for (;;) {
      const [left, right] = [items[2 * index + 1], items[2 * index + 2]];
      if (left === undefined) return;
      const child = right !== undefined && before(right, left) ? 2 * index + 2 : 2 * index + 1;
      if (!swapIfBefore(child, index)) return;
      index = child;
    }
  };

  return {
    get size() {
      return items.length;
    },
    push(item) {
      items.push(item);
      rise(items.length - 1);
    },
    peek: () => items[0],
    pop() {
      const [first, last] = [items[0], items.pop()];
      if (items.length > 0 && last !== undefined) {
        items[0] = last;
        sink(0);
      }
      return first;
    },
    retain(keep) {
      items = items.filter(keep);
      for (let index = (items.length >> 1) - 1; index >= 0; index -= 1) sink(index);
    },
  };
}
