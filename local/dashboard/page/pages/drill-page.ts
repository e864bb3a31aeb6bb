import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { ApiProblem, DrillAnswer, DrilledLevel, LevelList, StartedDrill } from '../../api/contract.ts';
import { problemIn, sendJson } from '../ask-server.ts';
import { formatCount, formatDuration, formatTime } from '../format.ts';
import { icon } from '../parts/icons.ts';
import { Copy, empty, problemBox, queryAddress, skeleton } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { mark, status } from '../parts/status.ts';
import { useResource } from '../resource.ts';
import { to } from '../router.ts';
import {
  afterWords,
  type DrillColumn,
  drillColumns,
  drillMarkdown,
  fatesOf,
  faultsOf,
  firstWords,
  levelWords,
  newestReports,
  recoveredWords,
  runningOf,
} from './drill-words.ts';

/** One drill: what each level would have given you when this fails. */
export function DrillPage({ name }: { name: string }) {
  const { data, problem, reload } = useResource<DrillAnswer>(`drills/${encodeURIComponent(name)}`, ['drills']);
  const crumb = html`<a href=${to('/drills')}>Drills</a>`;
  const all = html`<a class="button" href=${to('/drills')}>All drills</a>`;
  return html`<${Shell} title=${name} crumb=${crumb}>
    ${!data && problem && html`<section class="card">${empty(problem.title, `${problem.detail} ${problem.do}`, all)}</section>`}
    ${!data && !problem && html`<section class="card">${skeleton(10)}</section>`}
    ${data && html`<${Found} drill=${data} reload=${reload} />`}
  <//>`;
}

function Found({ drill, reload }: { drill: DrillAnswer; reload: () => void }) {
  const reports = newestReports(drill);
  const faults = reports.flatMap(faultsOf);
  const running = runningOf(drill.runs);
  const [last] = drill.runs;
  const verdict =
    reports.length === 0
      ? status('off', 'Not run yet')
      : faults.length === 0
        ? status('ok', 'As promised at every level')
        : status('failed', `${faults.length} not as promised`);
  const when =
    last && last.reports.length > 0
      ? `run at ${formatTime(last.startedAt, { milliseconds: false })}, took ${formatDuration(last.seconds * 1_000)}`
      : drill.recordedOn && `recorded on ${drill.recordedOn}`;
  return html`<section class="card row drill-head" aria-label="Drill">
      ${verdict} <span>${drill.question}</span> <span class="muted">${reports.length > 0 && when}</span>
      <span class="push row">
        ${reports.length > 0 && html`<${Copy} text=${drillMarkdown(drill, reports)} words="Copy as Markdown" />`}
        <${RunButton} drill=${drill} running=${running} reload=${reload} />
      </span>
    </section>
    ${running && html`<section class="card body" role="status">${status('running', `Running for ${formatDuration(running.seconds * 1_000)}`)} <span class="muted">at ${running.levels.length > 0 ? `level ${running.levels.join(', ')}` : 'its usual levels'}, in a service, queues and tables of its own</span></section>`}
    ${last?.state === 'failed' && problemBox({ title: 'The last run failed:', detail: last.why ?? '', do: 'Run it again, or at a terminal for more.' })}
    ${
      reports.length === 0
        ? html`<section class="card">${empty('Not run yet', 'It takes some minutes, in a service, queues and tables of its own: what runs here is left alone.', html`<code>npm run drill -- ${drill.name}</code>`)}</section>`
        : html`<${Columns} columns=${drillColumns(reports)} />`
    }`;
}

function RunButton({
  drill,
  running,
  reload,
}: {
  drill: DrillAnswer;
  running: StartedDrill | undefined;
  reload: () => void;
}) {
  const [problem, setProblem] = useState<ApiProblem | undefined>();
  const ask = async (method: 'POST' | 'DELETE', path: string) => {
    setProblem(undefined);
    await sendJson(method, path).catch((error: unknown) => setProblem(problemIn(error)));
    reload();
  };
  const path = `drills/${encodeURIComponent(drill.name)}/runs`;
  return html`${problem && problemBox(problem)} ${
    running
      ? html`<button class="button" onClick=${() => ask('DELETE', `drill-runs/${running.id}`)}>Stop</button>`
      : html`<button class="button primary" onClick=${() => ask('POST', path)}>${icon('run', 14)} ${drill.recorded.length + drill.runs.length > 0 ? 'Run again' : 'Run it'}</button>`
  }`;
}

/** A column for each level, equal neighbours as one; a row for each thing that one wants to know. */
function Columns({ columns }: { columns: readonly DrillColumn[] }) {
  const levels = useResource<LevelList>('levels', ['run']).data;
  const now = levels?.run.level;
  const nameOf = ({ from, to: end }: DrillColumn) =>
    levels?.levels
      .filter(({ level }) => level >= from && level <= end)
      .map(({ name }) => name)
      .join(', ');
  const row = (title: string, cell: (report: DrilledLevel) => unknown) =>
    html`<tr><th scope="row">${title}</th>${columns.map((column) => html`<td data-now=${isNow(column, now)}>${cell(column.report)}</td>`)}</tr>`;
  return html`<section class="card drill-scroll" aria-label="What each level gives" tabindex="0">
    <table class="drill">
      <thead>
        <tr>
          <th scope="col"><span class="hidden">What</span></th>
          ${columns.map((column) => html`<th scope="col" data-now=${isNow(column, now)}>${levelWords(column)} <span class="muted">${nameOf(column)}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${row('The messages', (report) => html`<${Fates} report=${report} />`)}
        ${row('First to know', (report) => status(report.firstToKnow ? 'ok' : 'failed', firstWords(report)))}
        ${row('What you see', ({ seen = [] }) => (seen.length === 0 ? none('No signal was asked for') : html`<ul>${seen.map((signal) => html`<li>${mark(signal.answered ? 'ok' : 'off')} ${questionOf(signal)}</li>`)}</ul>`))}
        ${row('Rules that fired', ({ fired, unexpected = [] }) => (fired.length === 0 ? none('None') : html`<ul>${fired.map(({ rule, afterSeconds, why }) => html`<li title=${why}>${mark(unexpected.includes(rule) ? 'warning' : 'ok')} ${rule} <span class="push muted">${afterWords(afterSeconds)}</span></li>`)}</ul>`))}
        ${row('Recovered', recoveredWords)}
        ${columns.some(({ report }) => faultsOf(report).length > 0) && row('Not as promised', (report) => html`<ul>${faultsOf(report).map((fault) => html`<li>${mark('failed')} ${fault}</li>`)}</ul>`)}
      </tbody>
    </table>
  </section>`;
}

/** A run has the queries; the record has the questions alone. */
const questionOf = ({ question, query, answer }: NonNullable<DrilledLevel['seen']>[number]) =>
  query === undefined ? question : html`<a href=${queryAddress(query)} title=${answer}>${question}</a>`;

const none = (words: string) => status('off', words);
const isNow = ({ from, to: end }: DrillColumn, now: number | undefined) =>
  now !== undefined && now >= from && now <= end ? 'true' : undefined;

function Fates({ report }: { report: DrilledLevel }) {
  const fates = fatesOf(report);
  return html`<div class="fates" aria-hidden="true">${fates.map(({ name, count }) => count > 0 && html`<i data-fate=${name} style=${{ flexGrow: count }} />`)}</div>
    <ul>${fates.map(({ name, words, count }) => html`<li class=${name === 'lost' && count > 0 ? 'err' : ''}>${formatCount(count, true)} ${words}</li>`)}</ul>`;
}
