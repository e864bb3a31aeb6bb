import { html } from 'htm/preact';
import type { Place, TransactionItem } from '../../api/contract.ts';
import { formatDuration } from '../format.ts';
import { icon } from './icons.ts';
import { type Mark, mark } from './status.ts';
import type { WaterfallScale } from './waterfall-scale.ts';
import type { WaterfallLine } from './waterfall-tree.ts';

/** Colour means where it happened, everywhere. */
export const placeColour: Readonly<Record<Place, string>> = {
  api: 'var(--s1)',
  worker: 'var(--s2)',
  destination: 'var(--s3)',
  'service-bus': 'var(--s4)',
  queue: 'var(--hatch)',
  other: 'var(--s0)',
};

export const placeWord: Readonly<Record<Place, string>> = {
  api: 'API',
  'service-bus': 'Service Bus',
  queue: 'Queue',
  worker: 'Worker',
  destination: 'Destination',
  other: 'Other',
};

export interface WaterfallRowProps {
  line: WaterfallLine;
  index: number;
  scale: WaterfallScale;
  /** When the transaction began, in milliseconds. */
  began: number;
  selected: boolean;
  /** Does not match what is looked for. */
  miss: boolean;
  narrow: boolean;
  onSelect(): void;
  onToggle(): void;
}

const TEXT_PX = 92;
const LEAST_BAR_PX = 3;
const indentOf = (depth: number, narrow: boolean) => Math.min(depth, 12) * (narrow ? 14 : 16);

/** One item: its name where it belongs in the tree, its bar where it belongs in time. */
export function WaterfallRow(props: WaterfallRowProps) {
  const { line, index, selected, miss, narrow, onSelect, onToggle } = props;
  const { item, depth, below, open, times } = line;
  const toggle = (event: MouseEvent) => {
    event.stopPropagation();
    onToggle();
  };
  const indent = indentOf(depth, narrow);
  return html`<div
    id="item-${index}"
    class="w-row ${miss ? 'miss' : ''}"
    role="row"
    aria-level=${depth + 1}
    aria-rowindex=${index + 2}
    aria-selected=${String(selected)}
    aria-expanded=${below > 0 ? String(open) : undefined}
    onClick=${onSelect}
  >
    <div class="w-name" role="gridcell" style=${{ paddingLeft: `${indent}px`, '--guides': `${indent}px` }}>
      <span class="twist" onClick=${below > 0 ? toggle : undefined}>${below > 0 && icon(open ? 'down' : 'right', 14)}</span>
      ${sign(item)}
      <span class="cut ${isMoment(item) ? 'log' : ''}" title=${item.name}>${item.name}${times > 1 ? ` × ${times}` : ''}</span>
      ${line.hidesFailure && html`<span title="Something below failed" class="err">${icon('close', 12)}</span>`}
    </div>
    <div class="scale lane" role="gridcell">
      <span class="hidden">${described(props)}</span>
      <span aria-hidden="true">${isMoment(item) ? html`<${Moment} ...${props} />` : html`<${Bar} ...${props} />`}</span>
    </div>
  </div>`;
}

const isMoment = ({ kind }: TransactionItem) => kind === 'log' || kind === 'exception' || kind === 'event';
const marks: Readonly<Partial<Record<TransactionItem['kind'], Mark>>> = {
  log: 'log',
  exception: 'failed',
  event: 'event',
};

function sign(item: TransactionItem) {
  const shape = marks[item.kind];
  if (shape) return mark(item.kind === 'log' && !item.ok ? 'warning' : shape);
  if (item.kind === 'wait') return mark('off');
  return html`<i class="swatch" style=${{ background: placeColour[item.place] }} />`;
}

const offsetOf = ({ line, began }: WaterfallRowProps) => Date.parse(line.item.start) - began;

function Bar(props: WaterfallRowProps) {
  const { line, scale } = props;
  const { item } = line;
  const start = offsetOf(props);
  const left = scale.x(start);
  const right = Math.max(left + LEAST_BAR_PX, scale.x(start + (item.ms ?? 0)));
  const fits = scale.width - right > TEXT_PX;
  const text = html`${item.ms === undefined ? '' : formatDuration(item.ms)}
  ${item.ok ? (item.kind === 'request' && item.place === 'api' ? ` ${item.code ?? ''}` : '') : html` <b>✕ ${item.code ?? 'failed'}</b>`}`;
  const style = {
    left: `${left}px`,
    width: `${right - left}px`,
    ...(item.kind !== 'wait' && { background: placeColour[item.place] }),
  };
  return html`<i class="bar ${item.kind === 'wait' ? 'wait' : ''}" data-failed=${String(!item.ok)} style=${style} />
    <span class="bar-text" style=${fits ? { left: `${right + 8}px` } : { right: `calc(100% - ${left - 8}px)` }}>${text}</span>`;
}

function Moment(props: WaterfallRowProps) {
  const { item } = props.line;
  const shape = marks[item.kind] ?? 'log';
  return html`<span class="mark" style=${{ left: `${props.scale.x(offsetOf(props))}px` }}>${mark(item.kind === 'log' && !item.ok ? 'warning' : shape)}</span>`;
}

/** What the bar shows, in words. */
function described(props: WaterfallRowProps): string {
  const { item } = props.line;
  const at = formatDuration(offsetOf(props));
  if (isMoment(item)) return `${item.kind} at ${at}`;
  const where = item.kind === 'wait' ? 'Waits' : placeWord[item.place];
  const took = item.ms === undefined ? '' : `, takes ${formatDuration(item.ms)}`;
  return `${where}, starts at ${at}${took}${item.ok ? '' : `, failed: ${item.code ?? 'no code'}`}`;
}
