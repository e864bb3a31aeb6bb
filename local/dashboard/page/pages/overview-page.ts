import { html } from 'htm/preact';
import type { LevelList, Overview } from '../../api/contract.ts';
import { formatBytes, formatCount, formatDuration, formatMoney, formatPercent } from '../format.ts';
import { Chart } from '../parts/chart.ts';
import { type ChartLine, chartLegend } from '../parts/chart-drawing.ts';
import { empty, problemBox, queryAddress, queryLink, skeleton } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { spark } from '../parts/spark.ts';
import { useResource } from '../resource.ts';
import { to, useAddress } from '../router.ts';
import { rangeLabel, rangeOf } from '../url-state.ts';
import { Ladder } from './ladder.ts';
import { Attention, TelemetryByTable } from './overview-lists.ts';
import { SendSamples } from './send-samples.ts';

const requestLines: readonly ChartLine[] = [
  { name: 'ok', label: 'ok', colour: 's1', area: true },
  { name: 'failed', label: 'failed', colour: 'err', failed: true },
];
const latencyLines: readonly ChartLine[] = [
  { name: 'p50', label: 'p50', colour: 's1' },
  { name: 'p95', label: 'p95', colour: 's2', dash: [6, 3] },
  { name: 'p99', label: 'p99', colour: 's3', dash: [2, 3] },
];
const queueLines: readonly ChartLine[] = [
  { name: 'active', label: 'active', colour: 's1' },
  { name: 'deadLettered', label: 'dead letters', colour: 's3', dash: [6, 3] },
];

/** Is it up, how fast, what failed, what waits and what does knowing it cost; and the level, where it is switched. */
export function OverviewPage() {
  const { search } = useAddress();
  const levels = useResource<LevelList>('levels', ['run']);
  const { data, problem } = useResource<Overview>(`overview?${rangeOf(search)}`, ['rows', 'queues', 'run']);
  const range = rangeLabel(search);
  return html`<${Shell} title="Overview">
    ${levels.data && html`<${Ladder} levels=${levels.data} reload=${levels.reload} />`}
    ${problem && !data && problemBox(problem)}
    ${!data && !problem && html`<div class="card">${skeleton(8)}</div>`}
    ${data && html`<${Figures} overview=${data} range=${range} />`}
    ${data && (data.requests.count === 0 ? html`<${NoTraffic} range=${range} />` : html`<${Charts} overview=${data} />`)}
    ${
      data &&
      html`<div class="two-thirds">
        <${Attention} overview=${data} range=${range} /> <${TelemetryByTable} telemetry=${data.telemetry} />
      </div>`
    }
  <//>`;
}

/** A figure with its unit apart: `18 MB` is the figure 18 and the unit MB. */
const split = (text: string, more = ''): [string, string] => {
  const at = text.lastIndexOf('\u00a0');
  return at < 0 ? [text, more] : [text.slice(0, at), text.slice(at + 1) + more];
};

function Figures({ overview: { requests, queues, telemetry }, range }: { overview: Overview; range: string }) {
  const share = requests.count > 0 ? requests.failed / requests.count : 0;
  const ms = (value: number | null) => (value === null ? '–' : formatDuration(value));
  const sum = (a: readonly (number | null)[] = [], b: readonly (number | null)[] = []) =>
    a.map((value, index) => (value ?? 0) + (b[index] ?? 0));
  const { values } = requests.series;
  const rate = requests.perSecond;
  const figure = (name: string, [value, unit]: [string, string], hint: string, href: string, drawn: unknown) => html`<a
    class="figure"
    href=${href}
  >
    <span class="name">${name}</span>
    <span class="value">${value}</span><span class="unit">${unit}</span>
    <span class="hint">${hint}</span>${drawn}
  </a>`;
  const query = queryAddress(requests.query);
  return html`<section class="card figures" aria-label="Figures">
    ${figure('Requests', [rate > 0 && rate < 0.005 ? '<0.01' : rate >= 100 || rate === 0 ? rate.toFixed(0) : rate.toFixed(rate < 0.1 ? 2 : 1), '/s'], `${formatCount(requests.count)} in ${range}`, query, spark(sum(values.ok, values.failed), 's1'))}
    ${figure('Failed', split(formatPercent(share)), `${formatCount(requests.failed)} of ${formatCount(requests.count)}`, to('/transactions', { outcome: 'failed' }), spark(values.failed ?? [], 'err'))}
    ${figure('Latency p95', split(ms(requests.p95)), `p50 ${ms(requests.p50)} · p99 ${ms(requests.p99)}`, query, spark(values.p95 ?? [], 's1'))}
    ${figure('Backlog', [formatCount(queues.active), ''], queues.oldestMs === null ? 'nothing waits' : `oldest ${formatDuration(queues.oldestMs)}`, to('/queues'), spark(queues.series.values.active ?? [], 's1'))}
    ${figure('Dead letters', [formatCount(queues.deadLettered), ''], `+${formatCount(queues.deadLetteredInRange)} in ${range}`, to('/queues'), spark(queues.series.values.deadLettered ?? [], 's3'))}
    ${figure('Telemetry', split(formatBytes(telemetry.bytesPerHour), '/h'), `≈ ${formatBytes(telemetry.gbPerMonth * 1e9)} · ${formatMoney(telemetry.pricePerMonth)}/month`, queryAddress(telemetry.query), spark(telemetry.series.values.bytes ?? [], 's2'))}
  </section>`;
}

function Charts({ overview: { requests, queues } }: { overview: Overview }) {
  const card = (
    title: string,
    lines: readonly ChartLine[],
    query: string | undefined,
    chart: unknown,
  ) => html`<section class="card">
    <header><h2>${title}</h2>${query && html`<span class="pale">${queryLink(query)}</span>`}<span class="push">${chartLegend(lines)}</span></header>
    ${chart}
  </section>`;
  const p95 = requests.p95 === null ? 'not measured' : formatDuration(requests.p95);
  return html`<div class="thirds">
    ${card('Requests', requestLines, requests.seriesQuery, html`<${Chart} series=${requests.series} lines=${requestLines} said="Requests over time: ${formatCount(requests.count)}, of which ${formatCount(requests.failed)} failed" />`)}
    ${card('Latency, ms', latencyLines, requests.seriesQuery, html`<${Chart} series=${requests.series} lines=${latencyLines} format=${formatDuration} said="Latency over time: p95 is ${p95}" />`)}
    ${card('Messages', queueLines, undefined, html`<${Chart} series=${queues.series} lines=${queueLines} said="Messages over time: ${formatCount(queues.active)} are active, ${formatCount(queues.deadLettered)} are dead letters" />`)}
  </div>`;
}

function NoTraffic({ range }: { range: string }) {
  return html`<section class="card">
    ${empty(
      `No requests in the last ${range}`,
      'Send the service something and this page fills.',
      html`<${SendSamples} />`,
      html`<a class="button" href=${to('/', { range: '24h' })}>Show the last 24 hours</a>`,
    )}
  </section>`;
}
