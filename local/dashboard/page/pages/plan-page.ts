import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { DoctorAnswer, LevelList, PlanAnswer } from '../../api/contract.ts';
import { formatBytes, formatCount, formatMoney } from '../format.ts';
import { empty, problemBox, segments, skeleton } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { status } from '../parts/status.ts';
import { useResource } from '../resource.ts';
import { setParams, useAddress } from '../router.ts';

type PlanResult = Extract<PlanAnswer, { unavailable?: undefined }>['result'];

/** What a step from one level to another brings, costs and leaves behind, as `npm run plan` tells it. */
export function PlanPage() {
  const { params } = useAddress();
  const levels = useResource<LevelList>('levels', ['run']).data;
  const now = levels?.run.level ?? 1;
  const most = levels?.levels.length ?? 1;
  const from = Number(params.get('from')) || now;
  const to = Number(params.get('to')) || (from < most ? from + 1 : from - 1);
  const same = from === to;
  const { data, problem } = useResource<PlanAnswer>(levels && !same ? `plan?from=${from}&to=${to}` : undefined);
  const choices = (levels?.levels ?? []).map(({ level, name }) => [String(level), `${level} ${name}`] as const);
  return html`<${Shell} title="Plan">
    <section class="card" aria-label="Levels">
      <header style=${{ borderBottom: 0 }}>
        <span class="muted">From</span> ${segments('From level', choices, String(from), (value) => setParams({ from: value, to: String(to) }))}
        <span class="muted">to</span> ${segments('To level', choices, String(to), (value) => setParams({ from: String(from), to: value }))}
        <code class="push muted">npm run plan -- ${from} ${to}</code>
      </header>
    </section>
    ${same && html`<section class="card">${empty('The same level twice', 'Choose two levels to see what lies between them.')}</section>`}
    ${problem && !data && problemBox(problem)} ${!same && !data && !problem && html`<section class="card">${skeleton(8)}</section>`}
    ${!same && data && (data.unavailable === undefined ? html`<${Step} plan=${data.result} />` : html`<section class="card">${empty('No plan here', data.unavailable)}</section>`)}
    <${Doctor} />
  <//>`;
}

const signed = (value: number, words: string) => `${value < 0 ? '−' : '+'}${words}`;
const list = (items: readonly unknown[], none: string) =>
  items.length === 0
    ? html`<p class="muted">${none}</p>`
    : html`<ul class="plain">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
const card = (title: string, note: unknown, body: unknown) =>
  html`<section class="card" aria-label=${title}><header><h2>${title}</h2><span class="muted push">${note}</span></header><div class="body">${body}</div></section>`;

function Step({ plan }: { plan: PlanResult }) {
  const { from, to, modules, questions, resources, rules, removal, lines, cost } = plan;
  const up = to > from;
  const { before, after, messages, measuredOn } = cost.telemetry;
  const price = cost.resources + after.price - before.price;
  return html`${
    questions.length > 0 &&
    card(
      up ? 'You can then answer' : 'You can then no longer answer',
      '',
      list(
        questions.map((question) => html`<b>${question}</b>`),
        '',
      ),
    )
  }
    <div class="halves">
      ${card(
        'Cost a month',
        `${signed(price, formatMoney(Math.abs(price)))}`,
        html`<table class="table">
            <thead><tr><th scope="col"></th><th scope="col">Level ${from}</th><th scope="col">Level ${to}</th></tr></thead>
            <tbody>
              <tr><th scope="row">Telemetry</th><td>${before.gb.toFixed(1)} GB</td><td>${after.gb.toFixed(1)} GB</td></tr>
              <tr><th scope="row">Its price</th><td>${formatMoney(before.price)}</td><td>${formatMoney(after.price)}</td></tr>
              <tr><th scope="row">Azure resources of the step</th><td></td><td>${signed(cost.resources, formatMoney(Math.abs(cost.resources)))}</td></tr>
              ${[...new Set([...Object.keys(before.tables), ...Object.keys(after.tables)])].map((table) => html`<tr class="muted"><th scope="row">${table}, of a message</th><td>${ofMessage(before.tables[table])}</td><td>${ofMessage(after.tables[table])}</td></tr>`)}
            </tbody>
          </table>
          <p class="muted">At ${formatCount(messages, true)} messages a month, in ${cost.currency}; the volume of a message was measured on ${measuredOn}.</p>`,
      )}
      ${card(
        'Modules',
        `${signed(lines, formatCount(Math.abs(lines), true))} lines to own`,
        list(
          modules.map((name) => html`<code>${name}</code>`),
          'None changes.',
        ),
      )}
      ${card(
        'Azure resources',
        `${resources.length}`,
        list(
          resources.map(
            ({ label, name, type }) => html`${label} <code>${name}</code> <span class="pale">${type}</span>`,
          ),
          'None changes.',
        ),
      )}
      ${card(
        'Rules',
        `${rules.length}`,
        list(
          rules.map(
            ({ title, severity, description, tells }) =>
              html`<b>${title}</b> ${severity !== undefined && html`<span class="chip">severity ${severity}</span>`} <span class="muted">${description} ${tells.length > 0 && `Tells ${tells.join(', ')}.`}</span>`,
          ),
          'None changes: no one else is woken.',
        ),
      )}
    </div>
    ${
      removal.length > 0 &&
      card(
        'What stays behind',
        'and how it is removed',
        list(
          removal.map((line) => html`<code>${line}</code>`),
          '',
        ),
      )
    }`;
}

const ofMessage = (bytes: number | undefined) => (bytes === undefined ? '–' : formatBytes(bytes));

/** `npm run doctor` takes its time, so that it runs when asked. */
function Doctor() {
  const [asked, setAsked] = useState(false);
  const { data, problem } = useResource<DoctorAnswer>(asked ? 'doctor' : undefined);
  const run = html`<button class="button" onClick=${() => setAsked(true)}>Run the doctor</button>`;
  return html`<section class="card" aria-label="Doctor">
    <header><h2>Doctor</h2><span class="muted">what is wrong with this project and its run</span></header>
    ${
      !asked
        ? html`<div class="body">${run}</div>`
        : problem && !data
          ? problemBox(problem)
          : !data
            ? html`<div class="body" role="status">${status('running', 'Looking. It takes up to a minute.')}</div>`
            : data.unavailable === undefined
              ? html`<div class="body">
                  ${
                    data.result.findings.length === 0
                      ? status('ok', 'Nothing found.')
                      : list(
                          data.result.findings.map(
                            ({ code, what, why, todo }) =>
                              html`${status('warning', what)} <span class="chip">${code}</span><br /><span class="muted">${why}</span> ${todo}`,
                          ),
                          '',
                        )
                  }
                  ${data.result.notChecked.length > 0 && html`<p class="muted">Not checked: ${data.result.notChecked.map(({ code, reason }) => `${code}: ${reason}`).join(' ')}</p>`}
                </div>`
              : empty('No doctor here', data.unavailable)
    }
  </section>`;
}
