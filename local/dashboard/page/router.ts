import { useSyncExternalStore } from './store.ts';
import { addressOf } from './url-state.ts';

const listeners = new Set<() => void>();
const told = () => {
  for (const listener of listeners) listener();
};

/** Where the page is: path and search, told again after each change. */
export function useAddress(): { path: string; params: URLSearchParams; search: string } {
  const [path = '/', search = ''] = useSyncExternalStore(subscribe, readAddress).split('\n');
  return { path, search, params: new URLSearchParams(search) };
}

const readAddress = () => `${location.pathname}\n${location.search}`;
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/**
 * Another address. `replace` for what is a movement on the same page, so that Back leaves the page; the address where the reader
 * is replaces itself, as a browser does it.
 */
export function go(address: string, { replace = address === location.pathname + location.search } = {}): void {
  const place = document.querySelector('main')?.scrollTop ?? 0;
  if (replace) history.replaceState(history.state, '', address);
  else {
    history.replaceState({ place }, '');
    history.pushState({ place: 0 }, '', address);
  }
  told();
}

/** An address on the page that keeps the range. */
export const to = (path: string, params: Readonly<Record<string, string | undefined>> = {}): string =>
  addressOf(path, location.search, params);

export const transactionPath = (id: string): string => `/transactions/${encodeURIComponent(id)}`;

/** Changes parameters of the address where the reader is. */
export function setParams(changes: Readonly<Record<string, string | undefined>>, { push = false } = {}): void {
  const params = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  const text = params.toString();
  go(text ? `${location.pathname}?${text}` : location.pathname, push ? {} : { replace: true });
}

/** Links of the page are followed without loading it anew; Back brings the place on the page back. */
export function startRouter(): void {
  addEventListener('popstate', () => {
    told();
    const { place = 0 } = (history.state ?? {}) as { place?: number };
    requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector('main')?.scrollTo(0, place)));
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
