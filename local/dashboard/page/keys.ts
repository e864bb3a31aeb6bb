const groups = ['Anywhere', 'Pages', 'Lists', 'Transaction', 'Queues', 'Queries'] as const;

interface Key {
  group: (typeof groups)[number];
  what: string;
  /** Each by itself: a key, a key with `Ctrl`, `Shift`, `Alt` before it in this order, or two keys after each other. */
  keys: readonly string[];
}

const key = (group: Key['group'], what: string, ...keys: readonly string[]): Key => ({ group, what, keys });

/** Everything that a person may press, by the name of what it does. The list behind `?` is made of it. */
export const keyTable = {
  search: key('Anywhere', 'Search', '/'),
  commands: key('Anywhere', 'Commands', 'Ctrl k'),
  help: key('Anywhere', 'This list', '?'),
  pause: key('Anywhere', 'Pause or go on', '.'),
  close: key('Anywhere', 'Close, or back', 'Escape'),
  overview: key('Pages', 'Overview', 'g o'),
  transactions: key('Pages', 'Transactions', 'g t'),
  logs: key('Pages', 'Logs', 'g l'),
  queries: key('Pages', 'Queries', 'g k'),
  queues: key('Pages', 'Queues', 'g q'),
  send: key('Pages', 'Send', 'g s'),
  alerts: key('Pages', 'Alerts', 'g a'),
  drills: key('Pages', 'Drills', 'g d'),
  plan: key('Pages', 'Plan', 'g p'),
  next: key('Lists', 'Next row, from anywhere', 'j'),
  previous: key('Lists', 'Row before, from anywhere', 'k'),
  down: key('Lists', 'Down', 'ArrowDown'),
  up: key('Lists', 'Up', 'ArrowUp'),
  pageDown: key('Lists', 'Some rows down', 'PageDown'),
  pageUp: key('Lists', 'Some rows up', 'PageUp'),
  first: key('Lists', 'First row', 'Home'),
  last: key('Lists', 'Last row', 'End'),
  open: key('Lists', 'Open', 'Enter'),
  mark: key('Lists', 'Select the row', 'x'),
  markDown: key('Lists', 'Select downwards', 'Shift ArrowDown'),
  markUp: key('Lists', 'Select upwards', 'Shift ArrowUp'),
  failed: key('Lists', 'Failed only', 'f'),
  before: key('Transaction', 'Transaction before', '['),
  after: key('Transaction', 'Transaction after', ']'),
  unfold: key('Transaction', 'Unfold', 'ArrowRight'),
  fold: key('Transaction', 'Fold, or to the parent', 'ArrowLeft'),
  waits: key('Transaction', 'Fold waits', 'w'),
  events: key('Transaction', 'Show or hide events', 'e'),
  logLines: key('Transaction', 'Show or hide log lines', 'l'),
  nextMatch: key('Transaction', 'Next match', 'n'),
  lastMatch: key('Transaction', 'Match before', 'N'),
  replay: key('Queues', 'Replay dead letters', 'r'),
  write: key('Queries', 'Into the query', 'e'),
  run: key('Queries', 'Run', 'Shift Enter'),
  lastResult: key('Queries', 'Result before, and back', 'F8'),
  format: key('Queries', 'Lay the query out anew', 'Shift Alt f'),
  link: key('Queries', 'Copy a link to the query', 'Shift Alt l'),
  cellFilter: key('Queries', 'Chosen cell as a filter', 'Ctrl Shift Space'),
} satisfies Record<string, Key>;

export type KeyName = keyof typeof keyTable;
export type KeyActions = Readonly<Partial<Record<KeyName, () => void>>>;

const signs: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
};

/** The keys of an action as they are written for people. */
export const keyWords = (name: KeyName): string[] =>
  keyTable[name].keys.map((each) =>
    each.replaceAll(
      /\S+/g,
      (part) => signs[part] ?? (each.includes('Ctrl') || each.includes('Alt') ? capital(part) : part),
    ),
  );

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** The table in groups, for the list. */
export const keyGroups = (): (readonly [group: string, names: KeyName[]])[] =>
  groups.map((group) => [group, (Object.keys(keyTable) as KeyName[]).filter((name) => keyTable[name].group === group)]);

export interface Pressed {
  key: string;
  /** Where the key is: with `Alt` some keyboards give another character. */
  code?: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey?: boolean;
}

/** What was pressed, as the table writes it. `Shift` counts where it does not already give another character. */
export function chordOf({ key: pressed, code = '', ctrlKey, metaKey, altKey, shiftKey = false }: Pressed): string {
  const held = ctrlKey || metaKey || altKey;
  const letter = held ? /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() : undefined;
  const name = pressed === ' ' || code === 'Space' ? 'Space' : (letter ?? pressed);
  const shifted = shiftKey && (held || name.length > 1);
  return [(ctrlKey || metaKey) && 'Ctrl', shifted && 'Shift', altKey && 'Alt', name].filter(Boolean).join(' ');
}

/** Which of some actions a key is for. */
export const keyNameOf = <Name extends KeyName>(pressed: Pressed, names: readonly Name[]): Name | undefined => {
  const chord = chordOf(pressed);
  return names.find((name) => keyTable[name].keys.includes(chord));
};

const SEQUENCE_MS = 1_500;

/**
 * Finds the action of a key, or of two keys after each other such as `g t`. The newest actions come first, so that a panel
 * takes Esc before its page does. `press` answers whether there was one.
 */
export function createKeys({ now = () => Date.now() } = {}) {
  const layers: KeyActions[] = [];
  let earlier: { chord: string; at: number } | undefined;
  const find = (chord: string): (() => void) | undefined => {
    for (const layer of layers.toReversed()) {
      const name = (Object.keys(layer) as KeyName[]).find((each) => keyTable[each].keys.includes(chord));
      if (name) return layer[name];
    }
    return undefined;
  };
  return {
    /** Adds actions until the returned function is called. */
    add(actions: KeyActions): () => void {
      layers.push(actions);
      return () => {
        const index = layers.lastIndexOf(actions);
        if (index >= 0) layers.splice(index, 1);
      };
    },
    press(pressed: Pressed): boolean {
      if (['Shift', 'Control', 'Alt', 'Meta'].includes(pressed.key)) return false;
      const chord = chordOf(pressed);
      const first = earlier && now() - earlier.at < SEQUENCE_MS ? earlier.chord : undefined;
      earlier = undefined;
      const action = (first && find(`${first} ${chord}`)) || find(chord);
      if (action) action();
      else earlier = { chord, at: now() };
      return action !== undefined;
    },
  };
}
