import { html } from 'htm/preact';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/contract.ts';
import { icon } from './icons.ts';
import { mark } from './status.ts';

/** Nothing to show, and why. Children are what helps. */
export const empty = (title: string, why: string, ...children: ComponentChildren[]) => html`<div class="empty">
  <strong>${title}</strong>
  <p class="muted">${why}</p>
  ${children.length > 0 && html`<div class="row">${children}</div>`}
</div>`;

/** What is wrong and what helps, where it happened. */
export const problemBox = ({ title, detail, do: help }: ApiProblem, ...children: ComponentChildren[]) => html`<div
  class="problem"
  role="alert"
>
  ${mark('failed')}
  <div><b>${title}</b>${detail && detail !== title && html` ${detail}`}${help && html` ${help}`} ${children}</div>
</div>`;

export const warningBox = (title: string, text: string) => html`<div class="problem warning">
  ${mark('warning')}
  <div><b>${title}</b> ${text}</div>
</div>`;

/** Where rows will be. */
export const skeleton = (rows = 6) => html`<div aria-hidden="true">
  ${Array.from({ length: rows }, (_, row) => html`<div class="skeleton" style=${{ width: `${88 - ((row * 17) % 40)}%` }} />`)}
</div>`;

/** Copies a text, and says that it did. */
export function Copy({ text, label = 'Copy', words }: { text: string; label?: string; words?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  const said = copied ? 'Copied' : (words ?? '');
  return html`<button
    class=${words ? 'button' : 'copy'}
    aria-label=${words ? undefined : copied ? 'Copied' : label}
    title=${label}
    onClick=${copy}
  >
    ${copied && !words ? mark('ok') : icon(words ? 'link' : 'copy', 14)} ${said}
  </button>`;
}

/** Buttons of which one is chosen. */
export const segments = <T extends string>(
  label: string,
  choices: readonly (readonly [value: T, word: ComponentChildren])[],
  chosen: T,
  choose: (value: T) => void,
) => html`<div class="segments" role="group" aria-label=${label}>
  ${choices.map(
    ([value, word]) =>
      html`<button key=${value} aria-pressed=${String(value === chosen)} onClick=${() => choose(value)}>${word}</button>`,
  )}
</div>`;

/** Where a figure comes from. */
export const queryAddress = (query: string) => `/queries?kql=${encodeURIComponent(query)}`;
export const queryLink = (query: string, words = 'Query') => html`<a href=${queryAddress(query)}>${words}</a>`;
