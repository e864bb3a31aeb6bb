import { html } from 'htm/preact';
import type { DrilledLevel, DrillList } from '../../api/contract.ts';
import { formatCount } from '../format.ts';
import { DataTable, isNarrow, type TableColumn } from '../parts/data-table.ts';
import { empty, problemBox, skeleton } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { mark, status } from '../parts/status.ts';
import { useResource } from '../resource.ts';
import { go, to } from '../router.ts';
import { faultsOf, firstWords, newestReports, proofs, runningOf } from './drill-words.ts';

interface DrillRow {
  name: string;
  question: string;
  levels: readonly number[];
  reports: readonly DrilledLevel[];
  running: boolean;
}

const drillPath = (name: string) => `/drills/${encodeURIComponent(name)}`;

function stateOf({ reports, running }: DrillRow) {
  const faults = reports.flatMap(faultsOf).length;
  if (running) return status('running', 'Running');
  if (reports.length === 0) return status('off', 'Not run yet');
  return faults === 0 ? status('ok', 'As promised') : status('failed', `${faults} not as promised`);
}

const lostOf = ({ reports }: DrillRow) => reports.reduce((sum, { messages }) => sum + messages.lost, 0);

const columns: readonly TableColumn<DrillRow>[] = [
  {
    key: 'drill',
    title: 'Drill',
    width: '170px',
    value: ({ name }) => name,
    cell: ({ name }) => html`<a href=${to(drillPath(name))}>${name}</a>`,
  },
  {
    key: 'question',
    title: 'Question',
    width: 'minmax(0,1.6fr)',
    cell: ({ question }) => html`<span title=${question}>${question}</span>`,
  },
  {
    key: 'state',
    title: 'State',
    width: '150px',
    value: ({ reports }) => (reports.length > 0 ? -reports.flatMap(faultsOf).length : undefined),
    cell: stateOf,
  },
  {
    key: 'levels',
    title: 'Levels',
    width: '70px',
    cell: ({ levels }) => html`<span class="muted">${levels.join(', ')}</span>`,
  },
  {
    key: 'lost',
    title: 'Lost',
    width: '56px',
    number: true,
    value: (row) => (row.reports.length > 0 ? lostOf(row) : undefined),
    cell: (row) => (row.reports.length > 0 ? formatCount(lostOf(row)) : '–'),
  },
  {
    key: 'first',
    title: 'First to know, at the highest level',
    width: 'minmax(0,1fr)',
    cell: ({ reports }) => {
      const last = reports.at(-1);
      return last ? firstWords(last) : html`<span class="pale">–</span>`;
    },
  },
];
const narrowColumns: readonly TableColumn<DrillRow>[] = [
  {
    key: 'drill',
    title: 'Drill',
    width: 'minmax(0,1fr)',
    cell: (row) =>
      html`<div class="cut"><a href=${to(drillPath(row.name))}>${row.name}</a></div><div class="cut muted">${stateOf(row)} · ${row.question}</div>`,
  },
];

/** What happens when something fails: each drill with what it found, and which rules it proves. */
export function DrillsPage() {
  const { data, problem } = useResource<DrillList>('drills', ['drills']);
  const rows = (data?.drills ?? []).map(({ name, question, levels, recorded }): DrillRow => {
    const runs = data?.runs.filter(({ drill }) => drill === name) ?? [];
    return {
      name,
      question,
      levels,
      reports: newestReports({ recorded, runs }),
      running: runningOf(runs) !== undefined,
    };
  });
  const narrow = isNarrow();
  const rowHeight = narrow ? 56 : 32;
  return html`<${Shell} title="Drills">
    ${problem && !data && problemBox(problem)} ${!data && !problem && html`<section class="card">${skeleton(10)}</section>`}
    ${data && rows.length === 0 && html`<section class="card">${empty('No drills', data.unavailable ?? 'This checkout has none.')}</section>`}
    ${
      rows.length > 0 &&
      html`<section class="card" aria-label="Drills">
          <header><h2>Drills</h2><span class="muted">a fault, played on a service of its own, and what each level makes of it</span>
            ${data?.recordedOn && html`<span class="push muted">recorded on ${data.recordedOn}</span>`}</header>
          <${DataTable} label="Drills" columns=${narrow ? narrowColumns : columns} rowHeight=${rowHeight} height=${34 + rows.length * rowHeight} rows=${rows} rowKey=${({ name }: DrillRow) => name} onOpen=${({ name }: DrillRow) => go(to(drillPath(name)))} />
        </section>
        <${Matrix} rows=${rows.filter(({ reports }) => reports.length > 0)} />`
    }
  <//>`;
}

const marks = { fired: 'ok', wrong: 'failed' } as const;
const words = { fired: 'fired, as it should', wrong: 'missed or unexpected', quiet: 'quiet' } as const;

/** Rules by drills: which drill proves which rule. */
function Matrix({ rows }: { rows: readonly DrillRow[] }) {
  const { rules, of } = proofs(rows);
  if (rules.length === 0) return null;
  return html`<section class="card" aria-label="Rules and the drills that prove them">
    <header><h2>Rules and the drills that prove them</h2><span class="muted">at the highest level of each</span>
      <span class="push row">${status('ok', words.fired)} ${status('failed', words.wrong)}</span></header>
    <div class="drill-scroll" tabindex="0" role="region" aria-label="Rules by drills">
      <table class="proofs">
        <thead><tr><th scope="col"><span class="hidden">Rule</span></th>${rows.map(({ name }) => html`<th scope="col"><span>${name}</span></th>`)}</tr></thead>
        <tbody>
          ${rules.map(
            (rule) =>
              html`<tr><th scope="row">${rule}</th>${rows.map(({ name }) => {
                const proof = of(rule, name);
                return html`<td title="${rule}, ${name}: ${words[proof]}">${proof === 'quiet' ? html`<span class="pale" aria-hidden="true">·</span>` : mark(marks[proof])}<span class="hidden">${words[proof]}</span></td>`;
              })}</tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
