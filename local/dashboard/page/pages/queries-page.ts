import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { QueryFault, QueryResult, SavedQueries, TableSchema } from '../../api/contract.ts';
import { ApiFailure, problemIn, sendJson } from '../ask-server.ts';
import { namesOf } from '../kql-words.ts';
import { icon } from '../parts/icons.ts';
import { Copy, problemBox } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { mark } from '../parts/status.ts';
import { useKeys } from '../parts/use-keys.ts';
import { useResource } from '../resource.ts';
import { setParams, useAddress } from '../router.ts';
import { rangeLabel, rangeOf } from '../url-state.ts';
import type { KqlEditor } from './kql-editor.ts';
import { ResultCard } from './query-result.ts';
import { SavedMenu } from './saved-menu.ts';
import { SchemaBrowser } from './schema-browser.ts';

const firstQuery = `// Failures and latency of each route, last 15 minutes
AppRequests
| where TimeGenerated > ago(15m)
| summarize Requests = sum(ItemCount), Failed = sumif(ItemCount, Success == false),
            P95 = percentile(DurationMs, 95) by bin(TimeGenerated, 15s), Name
| render timechart
`;

interface Run {
  busy?: boolean;
  result?: QueryResult;
  fault?: QueryFault;
  problem?: unknown;
}

/** Asks the local tables in KQL, as one would ask the workspace in Azure. */
export function QueriesPage() {
  const { params, search } = useAddress();
  const schema = useResource<TableSchema>('schema', ['rows']).data;
  const saved = useResource<SavedQueries>('queries').data;
  const text = useRef(params.get('kql') ?? firstQuery);
  const editor = useRef<KqlEditor | undefined>(undefined);
  const [run, setRun] = useState<Run>({});
  const range = rangeOf(search);
  const start = async (query = text.current) => {
    setParams({ kql: query });
    setRun((before) => ({ ...before, busy: true }));
    try {
      const answer = await sendJson<{ data: QueryResult } | QueryResult>('POST', 'query', {
        query,
        range: range.get('range') ?? undefined,
      });
      setRun({ result: 'data' in answer ? answer.data : answer });
    } catch (error) {
      const fault = error instanceof ApiFailure ? (error.problem as { fault?: QueryFault }).fault : undefined;
      setRun(({ result }) => ({ ...(result && { result }), ...(fault ? { fault } : { problem: error }) }));
    }
  };
  const latest = useRef(start);
  latest.current = start;
  const choose = (query: string) => {
    text.current = query;
    editor.current?.setText(query);
    return start(query);
  };
  // A link to a query shows its result, and another range asks again.
  useEffect(() => {
    latest.current().catch(() => undefined);
  }, [range.toString()]);
  const kql = params.get('kql');
  useEffect(() => {
    if (kql && kql !== text.current) choose(kql).catch(() => undefined);
  }, [kql]);
  const { result, fault, problem } = run;
  return html`<${Shell} title="Queries" filled>
    <div class="queries">
      <${SchemaBrowser} schema=${schema} insert=${(name: string) => editor.current?.insert(name)} />
      <div class="queries-main">
        <section class="card" aria-label="Query">
          <header>
            <button class="button primary" disabled=${run.busy} onClick=${() => start()}>${icon('run', 14)} Run</button>
            <kbd class="neighbour">Shift Enter</kbd> <${SavedMenu} saved=${saved} choose=${choose} />
            <span class="push row">
              ${result && html`<span class="pill">${result.timeSetIn === 'query' ? 'Time set in query' : `Time range: ${rangeLabel(search)}`}</span>`}
              <${Copy} text=${location.href} label="Copy the address of this query" />
            </span>
          </header>
          <${EditorBox} text=${text} editor=${editor} schema=${schema} onRun=${() => latest.current()} />
          ${fault && html`<${FaultLine} fault=${fault} text=${text.current} editor=${editor} choose=${choose} />`}
          ${problem !== undefined && problemBox(problemIn(problem))}
        </section>
        ${result && html`<${ResultCard} result=${result} old=${fault !== undefined || problem !== undefined} />`}
      </div>
    </div>
  <//>`;
}

/** The editor is fetched when this page is opened, for it is larger than all the rest. */
function EditorBox({
  text,
  editor,
  schema,
  onRun,
}: {
  text: { current: string };
  editor: { current: KqlEditor | undefined };
  schema: TableSchema | undefined;
  onRun: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const names = useRef(namesOf(schema));
  names.current = namesOf(schema);
  const [failure, setFailure] = useState('');
  useKeys({ write: () => editor.current?.focus() });
  useEffect(() => {
    let gone = false;
    import('./kql-editor.ts')
      .then(({ openKqlEditor }) => {
        if (gone || !box.current) return;
        const onChange = (next: string) => {
          text.current = next;
        };
        editor.current = openKqlEditor(box.current, {
          text: text.current,
          names: () => names.current,
          onChange,
          onRun,
        });
      })
      .catch((error: unknown) => setFailure(String(error)));
    return () => {
      gone = true;
      editor.current?.end();
      editor.current = undefined;
    };
  }, []);
  useEffect(() => editor.current?.recolour(), [schema === undefined]);
  if (failure)
    return problemBox({ title: 'The editor could not be fetched:', detail: failure, do: 'Load the page again.' });
  return html`<div ref=${box} style=${{ minHeight: '132px' }} />`;
}

function FaultLine({
  fault,
  text,
  editor,
  choose,
}: {
  fault: QueryFault;
  text: string;
  editor: { current: KqlEditor | undefined };
  choose: (query: string) => Promise<void>;
}) {
  const { start, length, message, suggestion } = fault;
  const lines = text.slice(0, start).split('\n');
  const place = `Line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
  const mended = () => choose(text.slice(0, start) + suggestion + text.slice(start + length));
  return html`<div class="problem" role="alert" style=${{ margin: '0 12px 10px' }}>
    ${mark('failed')}
    <div>
      <button class="button" onClick=${() => editor.current?.show(start, length)}>${place}</button> ${message}
      ${suggestion && html` <button class="button" onClick=${mended}>Use ${suggestion}</button>`}
    </div>
  </div>`;
}
