export type Theme = 'light' | 'dark';

const key = 'theme';
const system = () => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
const isTheme = (value: unknown): value is Theme => value === 'light' || value === 'dark';

/** The theme that the page shows: the reader's choice, else the system's. */
export const currentTheme = (): Theme => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light');

/** Shows the reader's earlier choice, else the system's theme, and follows the system while nothing was chosen. */
export function startTheme(): void {
  const show = () => apply(chosen() ?? system());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  show();
}

export function switchTheme(): void {
  const next = currentTheme() === 'dark' ? 'light' : 'dark';
  localStorage.setItem(key, next);
  apply(next);
}

/** Calls `changed` after each change, until the returned function is called. */
export function onTheme(changed: () => void): () => void {
  document.addEventListener('themechange', changed);
  return () => document.removeEventListener('themechange', changed);
}

/** A colour of the page as it is now, for what is drawn on a canvas. */
export const colour = (token: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();

function chosen(): Theme | undefined {
  const value = localStorage.getItem(key);
  return isTheme(value) ? value : undefined;
}

function apply(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new Event('themechange'));
}
