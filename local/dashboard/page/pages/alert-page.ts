import { html } from 'htm/preact';
import { useMemo } from 'preact/hooks';
import type { AlertRuleFacts, TimeSeries } from '../../api/contract.ts';
import { formatTime } from '../format.ts';
import { Chart } from '../parts/chart.ts';
import { type ChartLine, chartLegend } from '../parts/chart-drawing.ts';
import { icon } from '../parts/icons.ts';
import { Copy, empty, problemBox, queryAddress, skeleton } from '../parts/notes.ts';
import { runbookText } from '../parts/runbook-text.ts';
import { Shell } from '../parts/shell.ts';
import { status } from '../parts/status.ts';
import { useResource } from '../resource.ts';
import { to } from '../router.ts';
import { checkedEvery, firesWhen, nowOf, ruleNumber, sinceOf, stateOfRule } from './alert-words.ts';

/** One rule: what it measures against its threshold, what it said so far, and what to do when it fires. */
export function AlertPage({ name }: { name: string }) {
  const { data, problem } = useResource<AlertRuleFacts>(`alert-rules/${encodeURIComponent(name)}`, ['alerts', 'run']);
  const all = html`<a class="button" href=${to('/alerts')}>All rules</a>`;
  return html`<${Shell} title=${data?.title ?? name} crumb=${html`<a href=${to('/alerts')}>Alerts</a>`}>
    ${!data && problem && html`<section class="card">${empty(problem.title, `${problem.detail} ${problem.do}`, all)}</section>`}
    ${!data && !problem && html`<section class="card">${skeleton(12)}</section>`}
    ${
      data &&
      html`<${Facts} rule=${data} />
        <div class="alert-halves">
          <div class="page">
            <${Measure} rule=${data} /> <${History} rule=${data} /> <${Payload} rule=${data} />
          </div>
          <${WhatToDo} rule=${data} />
        </div>`
    }
  <//>`;
}

function Facts({ rule }: { rule: AlertRuleFacts }) {
  const fact = (name: string, value: unknown) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const since = sinceOf(rule);
  return html`<section class="card" aria-label="Rule">
    <dl class="facts">
      ${fact('State', status(...stateOfRule(rule)))} ${since && fact('Since', formatTime(since, { milliseconds: false }))}
      ${fact('Severity', rule.severity)} ${fact('Now', nowOf(rule))}
      ${rule.criteria.length > 0 && fact('Fires when', firesWhen(rule, { whole: true }))} ${fact('Checked every', checkedEvery(rule))}
      ${fact('Tells', html`<code>${rule.group}</code>`)} ${fact('Module', html`<code>${rule.module}</code>`)}
      ${fact('Proven by drill', rule.drill ? html`<code>${rule.drill}</code>` : 'none')}
    </dl>
    ${rule.why && html`<div class="body">${problemBox({ title: rule.state === 'refused' ? 'Only Azure evaluates this rule:' : 'Its last check failed:', detail: rule.why, do: '' })}</div>`}
    ${rule.alerts.map(
      ({ since: at, dimensions, values }) =>
        html`<p class="alert-open">${status('failed', seriesOf(dimensions))} <span class="muted">since ${formatTime(at, { milliseconds: false })}, then or now ${values.map(ruleNumber).join(' · ')}</span></p>`,
    )}
  </section>`;
}

const seriesOf = (dimensions: readonly { name: string; value: string }[]) =>
  dimensions.map(({ name, value }) => `${name} ${value}`).join(', ') || 'The service';

const looks: readonly Pick<ChartLine, 'colour' | 'dash'>[] = [{ colour: 's1' }, { colour: 's2', dash: [6, 3] }];

/** What each check compared, with the threshold beside it. */
function Measure({ rule }: { rule: AlertRuleFacts }) {
  const { criteria, measured } = rule;
  const { series, lines } = useMemo(() => chartOfRule(rule), [rule]);
  const said = criteria
    .map(
      ({ measure, threshold }, index) =>
        `${measure} is ${ruleNumber(measured.at(-1)?.values[index])}, the threshold ${threshold}`,
    )
    .join('; ');
  return html`<section class="card" aria-label="Measure">
    <header>
      <h2>Measure and threshold</h2>
      <span class="push row">${chartLegend(lines)} ${rule.query && html`<a class="button quiet" href=${queryAddress(rule.query)}>${icon('queries')} Query this</a>`}</span>
    </header>
    ${measured.length < 2 ? empty('Not enough checks yet', `A chart needs two. The rule is checked every ${checkedEvery(rule)}.`) : html`<${Chart} series=${series} lines=${lines} said="Over the last ${measured.length} checks: ${said}" format=${ruleNumber} />`}
  </section>`;
}

function chartOfRule({ criteria, measured }: AlertRuleFacts): { series: TimeSeries; lines: ChartLine[] } {
  const values: TimeSeries['values'] = {};
  const lines = criteria.flatMap(({ measure, threshold }, index): ChartLine[] => {
    values[measure] = measured.map((each) => each.values[index] ?? null);
    values[`threshold of ${measure}`] = measured.map(() => threshold);
    const name = criteria.length > 1 ? `threshold of ${measure}` : 'threshold';
    return [
      { name: measure, label: measure, ...(looks[index % looks.length] as (typeof looks)[number]) },
      { name: `threshold of ${measure}`, label: name, colour: 'err', dash: [4, 4] },
    ];
  });
  return { series: { step: 60_000, times: measured.map(({ at }) => at), values }, lines };
}

function History({ rule: { history } }: { rule: AlertRuleFacts }) {
  return html`<section class="card" aria-label="History">
    <header><h2>History</h2><span class="muted">since npm start</span></header>
    ${
      history.length === 0
        ? empty('It has not fired', 'Each alert that fires or is resolved is listed here.')
        : html`<ol class="history">
            ${history
              .toReversed()
              .map(
                ({ at, monitorCondition, dimensions, values, muted }) =>
                  html`<li>${status(monitorCondition === 'Fired' ? 'failed' : 'ok', monitorCondition)} <span class="mono muted">${formatTime(at, { milliseconds: false })}</span> ${seriesOf(dimensions)} <span class="muted">${values.map(ruleNumber).join(' · ')}${muted ? ', muted' : ''}</span></li>`,
              )}
          </ol>`
    }
  </section>`;
}

function Payload({ rule: { payload } }: { rule: AlertRuleFacts }) {
  if (!payload) return null;
  const text = JSON.stringify(payload, null, 2);
  return html`<section class="card" aria-label="Payload">
    <header><h2>Payload</h2><span class="muted">what the action group would have been sent last</span><span class="push"><${Copy} text=${text} label="Copy the payload" /></span></header>
    <div class="body"><pre class="block" tabindex="0" style=${{ maxHeight: '320px' }}>${text}</pre></div>
  </section>`;
}

function WhatToDo({ rule: { feels, firstAction, runbook } }: { rule: AlertRuleFacts }) {
  return html`<section class="card" aria-label="What to do">
    <header><h2>What to do</h2><span class="muted cut">${runbook.path}</span></header>
    <div class="body prose">
      <p><b>Who feels it</b> ${feels}</p>
      <p><b>First</b> ${firstAction}</p>
      ${runbook.text === undefined ? html`<p class="muted">The runbook ${runbook.path} is not in this project.</p>` : runbookText(runbook.text)}
    </div>
  </section>`;
}
