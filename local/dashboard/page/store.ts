import { useEffect, useState } from 'preact/hooks';

/** A value that several parts of the page show. */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(first: T): Store<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Draws a part again whenever the value changes. `read` gives equal values while nothing has changed. */
export function useSyncExternalStore<T>(subscribe: (listener: () => void) => () => void, read: () => T): T {
  const [value, setValue] = useState<{ now: T }>({ now: read() });
  useEffect(() => {
    const look = () => setValue((before) => (Object.is(before.now, read()) ? before : { now: read() }));
    look();
    const end = subscribe(look);
    return () => {
      end();
    };
  }, [subscribe]);
  return value.now;
}

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get);
