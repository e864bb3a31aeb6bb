import { html } from 'htm/preact';
import type { AlertRuleRow, AlertRules, LevelList } from '../../api/contract.ts';
import { formatAgo, formatTime } from '../format.ts';
import { DataTable, isNarrow, type TableColumn } from '../parts/data-table.ts';
import { empty, problemBox, skeleton } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { spark } from '../parts/spark.ts';
import { status } from '../parts/status.ts';
import { useResource } from '../resource.ts';
import { go, to } from '../router.ts';
import { AlertPage } from './alert-page.ts';
import { firesWhen, nowOf, sinceOf, stateOfRule } from './alert-words.ts';

const alertPath = (name: string) => `/alerts/${encodeURIComponent(name)}`;

const columns: readonly TableColumn<AlertRuleRow>[] = [
  {
    key: 'rule',
    title: 'Rule',
    width: 'minmax(170px,1.3fr)',
    value: ({ title }) => title,
    cell: ({ name, title }) => html`<a href=${to(alertPath(name))} title=${name}>${title}</a>`,
  },
  {
    key: 'state',
    title: 'State',
    width: '120px',
    value: ({ alerts, state }) => (alerts.length > 0 ? 0 : state === 'failing' ? 1 : 2),
    cell: (rule) => status(...stateOfRule(rule)),
  },
  {
    key: 'since',
    title: 'Since',
    width: '76px',
    value: (rule) => sinceOf(rule) ?? '',
    cell: (rule) => since(sinceOf(rule)),
  },
  {
    key: 'severity',
    title: 'Sev',
    width: '34px',
    number: true,
    value: ({ severity }) => severity,
    cell: ({ severity }) => severity,
  },
  {
    key: 'feels',
    title: 'Who feels it',
    width: 'minmax(110px,1.6fr)',
    cell: ({ feels }) => html`<span class="muted" title=${feels}>${feels}</span>`,
  },
  { key: 'now', title: 'Now', width: '60px', number: true, cell: (rule) => nowOf(rule) },
  {
    key: 'fires',
    title: 'Fires when',
    width: 'minmax(140px,1.1fr)',
    cell: (rule) => html`<span title=${firesWhen(rule)}>${firesWhen(rule)}</span>`,
  },
  {
    key: 'spark',
    title: 'Checks',
    width: '56px',
    cell: ({ measured, alerts }) =>
      spark(
        measured.map(({ values }) => values[0] ?? null),
        alerts.length > 0 ? 'err' : 's1',
        { width: 56, height: 24 },
      ),
  },
  {
    key: 'drill',
    title: 'Proven by drill',
    width: '150px',
    cell: ({ drill }) => (drill ? html`<span class="chip">${drill}</span>` : html`<span class="pale">none</span>`),
  },
];

const narrowColumns: readonly TableColumn<AlertRuleRow>[] = [
  {
    key: 'rule',
    title: 'Rule',
    width: 'minmax(0,1fr)',
    cell: (rule) => html`<div class="cut"><a href=${to(alertPath(rule.name))}>${rule.title}</a></div>
      <div class="cut muted">${status(...stateOfRule(rule))} · severity ${rule.severity} · now ${nowOf(rule)}</div>`,
  },
];

const since = (at: string | undefined) =>
  at === undefined ? html`<span class="pale">–</span>` : html`<span title=${formatTime(at)}>${formatAgo(at)}</span>`;

const byUrgency = (a: AlertRuleRow, b: AlertRuleRow) =>
  b.alerts.length - a.alerts.length || a.severity - b.severity || a.title.localeCompare(b.title, 'en');

/** The rules that the present level deploys, evaluated here as Azure would: what fires, since when, and who feels it. */
export function AlertsPage({ rule }: { rule?: string }) {
  const { data, problem } = useResource<AlertRules>(rule === undefined ? 'alert-rules' : undefined, ['alerts', 'run']);
  if (rule !== undefined) return html`<${AlertPage} name=${rule} />`;
  const narrow = isNarrow();
  const rules = data?.rules.toSorted(byUrgency) ?? [];
  return html`<${Shell} title="Alerts" filled>
    <${LevelLine} rules=${rules} />
    <section class="card" aria-label="Rules" style=${{ minHeight: '320px', overflow: 'hidden' }}>
      ${problem && !data && problemBox(problem)} ${!data && !problem && skeleton(10)}
      ${data && rules.length === 0 && empty('No rules', 'This project deploys no alert rule at the present level.')}
      ${
        rules.length > 0 &&
        html`<${DataTable}
          label="Rules"
          columns=${narrow ? narrowColumns : columns}
          rowHeight=${narrow ? 56 : 32}
          leastWidth=${narrow ? 0 : 980}
          rows=${rules}
          rowKey=${({ name }: AlertRuleRow) => name}
          onOpen=${({ name }: AlertRuleRow) => go(to(alertPath(name)))}
        />`
      }
    </section>
  <//>`;
}

/** Which rules these are, and at which level there are more. */
function LevelLine({ rules }: { rules: readonly AlertRuleRow[] }) {
  const levels = useResource<LevelList>('levels', ['run']).data;
  const above = levels?.levels.find(({ modules }) => modules.some(({ name }) => name === 'alert-rules'))?.level;
  const now = levels?.run.level;
  if (now === undefined) return html`<p class="muted">${'\u00a0'}</p>`;
  const checked = rules.flatMap(({ evaluatedAt }) => evaluatedAt ?? []).toSorted();
  const last = checked.at(-1);
  return html`<section class="card row alert-line" aria-label="Level">
    <p>
      ${
        above !== undefined && now < above
          ? html`At level ${now} Azure has these basic rules; those that say who must wake up, and why, come with level ${above}.`
          : 'Evaluated each minute on the rows and metrics of this machine, as Azure would.'
      }
      <span class="muted">${last === undefined ? ' The first check comes with the next whole minute.' : ` Last check ${formatTime(last, { milliseconds: false })}.`}</span>
    </p>
    ${above !== undefined && now < above && html`<a class="button push" href=${to('/plan', { from: String(now), to: String(above) })}>See level ${above}</a>`}
  </section>`;
}
