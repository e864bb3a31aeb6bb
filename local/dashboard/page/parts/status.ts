import { html } from 'htm/preact';
import type { TransactionOutcome } from '../../api/contract.ts';

/** Each has its own shape, so that it is told apart without its colour. */
export type Mark =
  | 'ok'
  | 'failed'
  | 'warning'
  | 'dead'
  | 'waiting'
  | 'running'
  | 'paused'
  | 'off'
  | 'event'
  | 'log'
  | 'replayed';

export const tones: Readonly<Record<Mark, string>> = {
  ok: 'ok',
  failed: 'err',
  warning: 'warn',
  dead: 'warn',
  waiting: 'muted',
  running: 'accent',
  paused: 'accent',
  off: 'pale',
  event: 'accent',
  log: 'muted',
  replayed: '',
};

const cut = 'stroke="var(--surface)" stroke-width="1.6" fill="none"';
const line = 'stroke="currentColor" stroke-width="1.6" fill="none"';

const shapes: Readonly<Record<Mark, readonly (readonly [path: string, style: string])[]>> = {
  ok: [
    ['M7 .5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z', 'fill="currentColor"'],
    ['M4 7.2l2.1 2.1L10 5.2', cut],
  ],
  failed: [
    ['M4.3.7h5.4l3.6 3.6v5.4l-3.6 3.6H4.3L.7 9.7V4.3z', 'fill="currentColor"'],
    ['M4.7 4.7l4.6 4.6M9.3 4.7L4.7 9.3', cut],
  ],
  warning: [
    ['M7 1l6.4 11.6H.6z', 'fill="currentColor"'],
    ['M7 5v4M7 10.2v1.4', cut],
  ],
  dead: [
    ['M1 2.2h12v9.6H1z', 'fill="currentColor"'],
    ['M4.8 4.8l4.4 4.4M9.2 4.8L4.8 9.2', cut],
  ],
  waiting: [['M7 1.3a5.7 5.7 0 1 0 0 11.4A5.7 5.7 0 0 0 7 1.3zM7 3.8V7l2.2 1.3', line]],
  running: [['M7 1.3a5.7 5.7 0 1 1-5.7 5.7', line]],
  paused: [['M7 1.3a5.7 5.7 0 1 0 0 11.4A5.7 5.7 0 0 0 7 1.3zM5.4 4.8v4.4M8.6 4.8v4.4', line]],
  off: [['M7 1.3a5.7 5.7 0 1 0 0 11.4A5.7 5.7 0 0 0 7 1.3z', `${line} stroke-dasharray="2.2 2.2"`]],
  event: [['M7 1.6L12.4 7 7 12.4 1.6 7z', 'fill="currentColor"']],
  log: [['M1.5 3.5h11M1.5 7h11M1.5 10.5h7', line]],
  replayed: [['M2.2 7a4.8 4.8 0 1 0 1.6-3.6M4.2.8v3h3', line]],
};

const attributes = (style: string) =>
  Object.fromEntries([...style.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));

export const mark = (
  kind: Mark,
) => html`<svg width="14" height="14" viewBox="0 0 14 14" class=${tones[kind]} aria-hidden="true">
  ${shapes[kind].map(([path, style]) => html`<path d=${path} ...${attributes(style)} />`)}
</svg>`;

/** A state: its shape and its word. */
export const status = (kind: Mark, word: string) =>
  html`<span class="status ${tones[kind]}">${mark(kind)}<span>${word}</span></span>`;

const markOfOutcome: Readonly<Record<TransactionOutcome['kind'], Mark>> = {
  delivered: 'ok',
  answered: 'ok',
  waiting: 'waiting',
  'dead-lettered': 'dead',
  rejected: 'failed',
  failed: 'failed',
};

/** What became of a transaction, such as `Delivered to documents` or `Rejected 400`. */
export function outcomeWords({ kind, destination, code }: TransactionOutcome): string {
  switch (kind) {
    case 'delivered':
      return destination ? `Delivered to ${destination}` : 'Delivered';
    case 'waiting':
      return destination ? `Waiting to ${destination}` : 'Waiting';
    case 'dead-lettered':
      return destination ? `Dead-lettered · ${destination}` : 'Dead-lettered';
    case 'answered':
      return `Answered ${code ?? ''}`.trim();
    case 'rejected':
      return `Rejected ${code ?? ''}`.trim();
    case 'failed':
      return `Failed ${code ?? ''}`.trim();
  }
}

export const outcomeMark = (outcome: TransactionOutcome): Mark => markOfOutcome[outcome.kind];
export const outcomeStatus = (outcome: TransactionOutcome) => status(outcomeMark(outcome), outcomeWords(outcome));
