/** What a person may press, in words, for the list behind `?`. */
export const keyList: readonly (readonly [keys: string, what: string])[] = [
  ['g o', 'Overview'],
  ['g t', 'Transactions'],
  ['g l', 'Logs'],
  ['g k', 'Queries'],
  ['g q', 'Queues'],
  ['g s', 'Send'],
  ['g p', 'Plan'],
  ['/', 'Search'],
  ['.', 'Pause or go on with live changes'],
  ['j k ↑ ↓', 'Move in a list; PgUp, PgDn, Home, End too'],
  ['Enter', 'Open'],
  ['Esc', 'Close, or back'],
  ['f', 'Failed only'],
  ['[ ]', 'Previous and next transaction'],
  ['→ ←', 'Unfold, fold, to the parent'],
  ['w', 'Fold waits'],
  ['r', 'Replay dead letters'],
  ['e', 'Into the query'],
  ['n N', 'Next and previous match'],
  ['Shift Enter', 'Run the query'],
];

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

export type KeyActions = Readonly<Record<string, () => void>>;

const SEQUENCE_MS = 1_500;

/**
 * Finds the action of a key, or of two keys after each other such as `g t`. The newest actions come first, so that a panel
 * takes Esc before its page does. `press` answers whether there was one.
 */
export function createKeys({ now = () => Date.now() } = {}) {
  const layers: KeyActions[] = [];
  let before: { key: string; at: number } | undefined;
  const find = (key: string) => layers.findLast((layer) => Object.hasOwn(layer, key))?.[key];
  return {
    /** Adds actions until the returned function is called. */
    add(actions: KeyActions): () => void {
      layers.push(actions);
      return () => {
        const index = layers.lastIndexOf(actions);
        if (index >= 0) layers.splice(index, 1);
      };
    },
    press({ key, ctrlKey, metaKey, altKey }: Pressed): boolean {
      if (ctrlKey || metaKey || altKey || key === 'Shift') return false;
      const first = before && now() - before.at < SEQUENCE_MS ? before.key : undefined;
      before = undefined;
      const action = (first && find(`${first} ${key}`)) || find(key);
      if (action) action();
      else before = { key, at: now() };
      return action !== undefined;
    },
  };
}
