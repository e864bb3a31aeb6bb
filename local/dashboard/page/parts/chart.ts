import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { TimeSeries } from '../../api/contract.ts';
import { setParams } from '../router.ts';
import { colour, onTheme } from '../theme.ts';
import { type ChartLine, drawFailed, lonePoints } from './chart-drawing.ts';
import { ChartTable, chartTableButton } from './chart-table.ts';

const HEIGHT_PX = 160;

/**
 * Lines over time, from 0. Dragging chooses a range; charts of one page have one cursor. `said` is the sentence for a reader
 * that cannot see it.
 */
export function Chart({
  series,
  lines,
  said,
  height = HEIGHT_PX,
  format = String,
}: {
  series: TimeSeries;
  lines: readonly ChartLine[];
  said: string;
  height?: number;
  format?: (value: number) => string;
}) {
  const [asTable, setAsTable] = useState(false);
  const toggle = () => setAsTable(!asTable);
  return html`<div class="chart">
    ${chartTableButton(asTable, toggle)}
    ${
      asTable
        ? html`<div style=${{ height: `${height}px` }}><${ChartTable} series=${series} lines=${lines} said=${said} format=${format} /></div>`
        : html`<${Plot} series=${series} lines=${lines} said=${said} height=${height} format=${format} />`
    }
  </div>`;
}

interface PlotProps {
  series: TimeSeries;
  lines: readonly ChartLine[];
  said: string;
  height: number;
  format: (value: number) => string;
}

function Plot({ series, lines, said, height, format }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const [tip, setTip] = useState<{ index: number; left: number } | undefined>();
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(series);
  latest.current = series;
  const shape = lines.map(({ name, colour: token }) => name + token).join();
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const draw = () => {
      plot.current?.destroy();
      const options = optionsOf(lines, { width: element.clientWidth, height, onCursor: setTip });
      plot.current = new uPlot(options, dataOf(latest.current, lines), element);
    };
    draw();
    const sizes = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    sizes.observe(element);
    const end = onTheme(draw);
    return () => {
      end();
      sizes.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape, height]);
  useEffect(() => plot.current?.setData(dataOf(series, lines)), [series]);
  return html`<div ref=${box} role="img" aria-label=${said} style=${{ height: `${height}px` }} />
    ${tip && html`<${Tip} series=${series} lines=${lines} index=${tip.index} left=${tip.left} format=${format} />`}`;
}

function Tip({
  series,
  lines,
  index,
  left,
  format,
}: {
  series: TimeSeries;
  lines: readonly ChartLine[];
  index: number;
  left: number;
  format: (value: number) => string;
}) {
  const time = series.times[index];
  if (!time) return null;
  const said = lines.map(({ name, label }) => {
    const value = series.values[name]?.[index];
    return `${label} ${value === null || value === undefined ? '–' : format(value)}`;
  });
  return html`<div class="chart-tip" style=${{ left: `${left}px` }}>${new Date(time).toLocaleTimeString('en-GB')} · ${said.join(' · ')}</div>`;
}

const dataOf = ({ times, values }: TimeSeries, lines: readonly ChartLine[]): uPlot.AlignedData => [
  times.map((time) => Date.parse(time) / 1_000),
  ...lines.map(({ name }) => values[name] ?? []),
];

function optionsOf(
  lines: readonly ChartLine[],
  {
    width,
    height,
    onCursor,
  }: { width: number; height: number; onCursor: (tip?: { index: number; left: number }) => void },
): uPlot.Options {
  const grid = { stroke: colour('line'), width: 1 };
  const axis = { stroke: colour('text-2'), font: `11px ${colour('font')}`, ticks: { show: false } };
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, sync: { key: 'page' }, drag: { x: true, y: false, setScale: false }, points: { show: false } },
    scales: { x: { time: true }, y: { range: (plot) => [0, topOf(plot.data, lines)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 80,
        values: (_, times, _axis, _space, step) => times.map((time) => clock(time, step)),
      },
      {
        ...axis,
        grid,
        size: 44,
        space: 34,
        values: (_, values) => values.map((value) => value.toLocaleString('en-US')),
      },
    ],
    series: [
      {},
      ...lines.map(({ colour: token, dash, area, failed }): uPlot.Series => {
        const stroke = colour(token);
        return {
          stroke,
          width: failed ? 0 : 1.75,
          points: { show: !area && !failed, size: 5, fill: stroke, filter: lonePoints },
          ...(dash && { dash: [...dash] }),
          ...(area && { fill: `${stroke}42`, ...(stepped && { paths: stepped }) }),
          ...(failed && { paths: () => null }),
        };
      }),
    ],
    hooks: {
      draw: [(plot) => drawFailed(plot, lines)],
      setSelect: [chooseRange],
      setCursor: [
        ({ cursor: { idx, left = -1, event }, bbox, width: whole }) => {
          // Other charts of the page move along; only the one under the pointer tells its figures.
          if (idx === null || idx === undefined || left < 0 || !event) return onCursor();
          onCursor({ index: idx, left: Math.min(left + bbox.left / devicePixelRatio, whole - 190) });
        },
      ],
    },
  };
}

/** Seconds only where several marks lie in one minute. */
const clock = (seconds: number, step: number) => new Date(seconds * 1_000).toTimeString().slice(0, step < 60 ? 8 : 5);

function topOf(data: uPlot.AlignedData, lines: readonly ChartLine[]): number {
  const area = lines.findIndex((line) => line.area);
  const top = Math.max(
    ...lines.flatMap(({ failed }, line) =>
      (data[line + 1] as (number | null)[]).map((value, index) => {
        const below = failed && area >= 0 ? Number(data[area + 1]?.[index] ?? 0) : 0;
        return (value ?? 0) + below;
      }),
    ),
    0,
  );
  return top > 0 ? top * 1.12 : 1;
}

function chooseRange(plot: uPlot): void {
  const { left, width } = plot.select;
  if (width < 8) return;
  const at = (x: number) => new Date(plot.posToVal(x, 'x') * 1_000).toISOString();
  plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  setParams({ from: at(left), to: at(left + width), range: undefined }, { push: true });
}
