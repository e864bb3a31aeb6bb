import { html } from 'htm/preact';
import type { TimeSeries } from '../../api/contract.ts';
import { formatTime } from '../format.ts';
import { icon } from './icons.ts';

/** The figures of a chart, the newest first: what its picture says, for reading, copying and hearing. */
export function ChartTable({
  series: { times, values },
  lines,
  said,
  format = String,
}: {
  series: TimeSeries;
  lines: readonly { name: string; label: string }[];
  said: string;
  format?: ((value: number) => string) | undefined;
}) {
  const cell = (value: number | null | undefined) =>
    value === null || value === undefined ? html`<span class="pale">–</span>` : format(value);
  return html`<div class="chart-table" tabindex="0" role="region" aria-label=${said}>
    <table class="table">
      <thead><tr><th scope="col">Time</th>${lines.map(({ label }) => html`<th scope="col">${label}</th>`)}</tr></thead>
      <tbody>
        ${times
          .map(
            (time, index) =>
              html`<tr key=${time}><th scope="row" class="mono" title=${time}>${formatTime(time, { milliseconds: false })}</th>${lines.map(({ name }) => html`<td>${cell(values[name]?.[index])}</td>`)}</tr>`,
          )
          .toReversed()}
      </tbody>
    </table>
  </div>`;
}

/** Changes a picture to its figures and back. */
export const chartTableButton = (shown: boolean, toggle: () => void) =>
  html`<button class="button icon quiet as-table" aria-pressed=${String(shown)} aria-label="Show as a table" title=${shown ? 'Show the chart' : 'Show as a table'} onClick=${toggle}>${icon(shown ? 'chart' : 'table', 14)}</button>`;
