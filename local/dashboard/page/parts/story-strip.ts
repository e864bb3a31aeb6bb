import { html } from 'htm/preact';
import type { StoryStep } from '../../api/contract.ts';
import { formatDuration, formatTime } from '../format.ts';
import { type Mark, mark } from './status.ts';

const marks: Readonly<Record<StoryStep['kind'], Mark>> = {
  accepted: 'ok',
  attempt: 'ok',
  delivered: 'ok',
  answered: 'ok',
  'put-aside': 'waiting',
  waiting: 'waiting',
  'dead-lettered': 'dead',
  replayed: 'replayed',
};

/** From here on a wait is drawn dotted: nothing was done. */
const LONG_WAIT_MS = 1_000;

const markOf = ({ kind, ok }: StoryStep): Mark => (ok || kind === 'dead-lettered' ? marks[kind] : 'failed');
const toneOf = (step: StoryStep) => {
  const shape = markOf(step);
  return shape === 'ok' ? 'ok' : shape === 'failed' ? 'err' : undefined;
};

/** The transaction in words: what happened, one after the other, and how long nothing did. */
export function Story({ steps, onSelect }: { steps: readonly StoryStep[]; onSelect: (item: string) => void }) {
  return html`<ol class="story" tabindex="0" aria-label="What happened">
    ${steps.map(
      (step, at) => html`${
        at > 0 &&
        html`<li class="story-gap" data-long=${String((step.gapMs ?? 0) >= LONG_WAIT_MS)}>${step.gapMs === undefined ? '\u00a0' : formatDuration(step.gapMs)}</li>`
      }
        <li
          class="story-step"
          data-tone=${toneOf(step)}
          title=${formatTime(step.time)}
          onClick=${() => step.item && onSelect(step.item)}
        >
          <span class="status">${mark(markOf(step))} ${step.label}</span>
          <small>${step.detail || '\u00a0'}</small>
        </li>`,
    )}
  </ol>`;
}
