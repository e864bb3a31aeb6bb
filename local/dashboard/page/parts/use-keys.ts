import { useEffect, useRef } from 'preact/hooks';
import { createKeys, type KeyActions } from '../keys.ts';
import { createStore } from '../store.ts';

const keys = createKeys();
const off = 'single-keys-off';

/** Single keys can be switched off: speech input types them by accident (WCAG 2.1.4). */
export const singleKeys = createStore(localStorage.getItem(off) !== 'true');

export function switchSingleKeys(): void {
  singleKeys.set(!singleKeys.get());
  localStorage.setItem(off, String(!singleKeys.get()));
}

/** Listens to the keyboard; what is typed into a field stays there, but for Esc. */
export function startKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const field =
      event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable=true]');
    if (field && event.key !== 'Escape') return;
    if (!singleKeys.get() && event.key.length === 1) return;
    if (keys.press(event)) event.preventDefault();
  });
}

/** Keys that mean something while the part is on the page. */
export function useKeys(actions: KeyActions): void {
  const now = useRef(actions);
  now.current = actions;
  const names = Object.keys(actions).join('\n');
  useEffect(
    () => keys.add(Object.fromEntries(names.split('\n').map((name) => [name, () => now.current[name]?.()]))),
    [names],
  );
}
