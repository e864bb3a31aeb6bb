import { html } from 'htm/preact';
import { useMemo, useState } from 'preact/hooks';
import type { TransactionHistogram as Histogram } from '../../api/contract.ts';
import { formatTime } from '../format.ts';
import { ChartTable, chartTableButton } from '../parts/chart-table.ts';
import { useResource } from '../resource.ts';
import { setParams } from '../router.ts';

const lines = [
  { name: 'ok', label: 'ok' },
  { name: 'failed', label: 'failed' },
] as const;
const said = 'Transactions over time';

/** How many began when. A click takes one bar as the range of the page, a drag several. */
export function TransactionHistogram({ filter }: { filter: string }) {
  const { data } = useResource<Histogram>(`transactions/histogram?${filter}`, ['rows']);
  const [asTable, setAsTable] = useState(false);
  const [drag, setDrag] = useState<{ from: number; to: number } | undefined>();
  const bars = useMemo(() => {
    const { ok = [], failed = [] } = data?.series.values ?? {};
    return ok.map((value, index) => ({ ok: value ?? 0, failed: failed[index] ?? 0 }));
  }, [data]);
  const most = Math.max(1, ...bars.map((bar) => bar.ok + bar.failed));
  const choose = (index: number) => {
    const [first, last] = [Math.min(drag?.from ?? index, index), Math.max(drag?.from ?? index, index)];
    setDrag(undefined);
    const [from, end] = [data?.series.times[first], data?.series.times[last]];
    if (!data || !from || !end) return;
    const to = new Date(Date.parse(end) + data.series.step).toISOString();
    setParams({ from, to, range: undefined }, { push: true });
  };
  const isDragged = (index: number) =>
    drag !== undefined && index >= Math.min(drag.from, drag.to) && index <= Math.max(drag.from, drag.to);
  const share = (value: number) => ({ height: `${(value / most) * 100}%` });
  return html`<div class="chart histogram-box">
    ${data && chartTableButton(asTable, () => setAsTable(!asTable))}
    ${
      asTable && data
        ? html`<div style=${{ height: '160px' }}><${ChartTable} series=${data.series} lines=${lines} said=${said} /></div>`
        : html`<div class="histogram" role="group" aria-label="${said}: choose a part of it" onPointerLeave=${() => setDrag(undefined)}>
            ${bars.map(
              (bar, index) => html`<button
                tabindex="-1"
                title="${formatTime(data?.series.times[index] ?? '', { milliseconds: false })}: ${bar.ok} ok, ${bar.failed} failed"
                data-dragged=${isDragged(index) ? 'true' : undefined}
                onPointerDown=${() => setDrag({ from: index, to: index })}
                onPointerEnter=${() => drag && setDrag({ from: drag.from, to: index })}
                onPointerUp=${() => choose(index)}
              >
                ${bar.failed > 0 && html`<span class="bad" style=${share(bar.failed)} />`}
                ${bar.ok > 0 && html`<span class="good" style=${share(bar.ok)} />`}
              </button>`,
            )}
          </div>`
    }
  </div>`;
}
