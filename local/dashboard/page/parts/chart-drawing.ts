import { html } from 'htm/preact';
import type uPlot from 'uplot';
import { colour } from '../theme.ts';

/** One line of a chart. */
export interface ChartLine {
  name: string;
  label: string;
  /** A token of the page, such as `s1`. */
  colour: string;
  dash?: readonly number[];
  /** Drawn as a stepped area. */
  area?: boolean;
  /** Drawn hatched, on top of the area: what failed. */
  failed?: boolean;
}

/** What each line is, for the head of its card. */
export const chartLegend = (lines: readonly ChartLine[]) => html`<span class="legend">
  ${lines.map(({ label, colour: token, dash, area, failed }) => {
    const stroke = `var(--${token})`;
    return html`<span>
      <svg width="16" height="10" aria-hidden="true">
        ${
          failed
            ? html`<path d="M0 10L10 0M5 10L15 0M-5 10L5 0M10 10L20 0" stroke=${stroke} stroke-width="1.6" /><rect x=".5" y=".5" width="15" height="9" rx="2" fill="none" stroke=${stroke} />`
            : html`${area && html`<rect y="1" width="16" height="9" fill=${stroke} opacity=".26" />`}<path d=${area ? 'M0 1h16' : 'M0 5h16'} stroke=${stroke} stroke-width="2" stroke-dasharray=${dash?.join(' ')} />`
        }
      </svg>
      ${label}
    </span>`;
  })}
</span>`;

/** What failed stands hatched on what did not. */
export function drawFailed(plot: uPlot, lines: readonly ChartLine[]): void {
  const failed = lines.findIndex((line) => line.failed);
  const area = lines.findIndex((line) => line.area);
  if (failed < 0 || area < 0) return;
  const [times] = plot.data;
  const { ctx } = plot;
  const stroke = colour(lines[failed]?.colour ?? 'err');
  const pattern = ctx.createPattern(hatch(stroke), 'repeat');
  const { left, width } = plot.bbox;
  ctx.save();
  for (const [index, value] of (plot.data[failed + 1] ?? []).entries()) {
    if (!value) continue;
    const below = plot.data[area + 1]?.[index] ?? 0;
    const from = Math.max(left, plot.valToPos(times[index] as number, 'x', true));
    const next = times[index + 1];
    const end = next === undefined ? left + width : plot.valToPos(next, 'x', true);
    const bottom = plot.valToPos(below, 'y', true);
    const top = plot.valToPos(below + value, 'y', true);
    ctx.fillStyle = pattern ?? stroke;
    ctx.strokeStyle = stroke;
    ctx.fillRect(from, top, end - from, bottom - top);
    ctx.strokeRect(from, top, end - from, bottom - top);
  }
  ctx.restore();
}

function hatch(stroke: string): HTMLCanvasElement {
  const size = Math.round(6 * devicePixelRatio);
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const context = tile.getContext('2d');
  if (!context) return tile;
  context.strokeStyle = stroke;
  context.lineWidth = size / 3;
  context.beginPath();
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift, size);
    context.lineTo(shift + size, 0);
  }
  context.stroke();
  return tile;
}

/** Points that have no neighbour: a line alone would not show them. */
export function lonePoints({ data }: uPlot, line: number): number[] {
  const values = (data[line] ?? []) as (number | null)[];
  const isMissing = (index: number) => (values[index] ?? null) === null;
  return values.flatMap((_, index) =>
    !isMissing(index) && isMissing(index - 1) && isMissing(index + 1) ? [index] : [],
  );
}
