import { useEffect, useRef } from 'preact/hooks';
import { chordOf, createKeys, type KeyActions, type KeyName } from '../keys.ts';
import { createStore } from '../store.ts';

const keys = createKeys();
const off = 'single-keys-off';

/** Single keys can be switched off: speech input types them by accident (WCAG 2.1.4). */
export const singleKeys = createStore(localStorage.getItem(off) !== 'true');

export function switchSingleKeys(): void {
  singleKeys.set(!singleKeys.get());
  localStorage.setItem(off, String(!singleKeys.get()));
}

/** Listens to the keyboard; what is typed into a field stays there, but for Esc and keys with Ctrl or Alt. */
export function startKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const chord = chordOf(event);
    const isHeld = /Ctrl|Alt/.test(chord) || /^F\d+$/.test(chord);
    const field =
      event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable=true]');
    if (field && !isHeld && chord !== 'Escape') return;
    if (!singleKeys.get() && chord.length === 1) return;
    if (keys.press(event)) event.preventDefault();
  });
}

/** Keys that mean something while the part is on the page. */
export function useKeys(actions: KeyActions): void {
  const now = useRef(actions);
  now.current = actions;
  const names = Object.keys(actions).join('\n');
  useEffect(
    () => keys.add(Object.fromEntries(names.split('\n').map((name) => [name, () => now.current[name as KeyName]?.()]))),
    [names],
  );
}
