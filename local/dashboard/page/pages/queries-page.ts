import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { QueryFault, QueryResult, SavedQueries, TableSchema } from '../../api/contract.ts';
import { ApiFailure, problemIn, sendJson } from '../ask-server.ts';
import { layOutKql, withCondition } from '../kql-layout.ts';
import { icon } from '../parts/icons.ts';
import { Copy, problemBox } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { useKeys } from '../parts/use-keys.ts';
import { useResource } from '../resource.ts';
import { setParams, useAddress } from '../router.ts';
import { rangeLabel, rangeOf } from '../url-state.ts';
import type { KqlEditor } from './kql-editor.ts';
import { EditorBox, FaultLine } from './query-editor.ts';
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
  /** That of the run before, for `F8`. */
  before?: QueryResult | undefined;
  showsBefore?: boolean;
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
  const range = rangeOf(search);
  const { run, start, showBefore } = useRuns(text, range.get('range') ?? undefined);
  const latest = useRef(start);
  latest.current = start;
  const write = (query: string) => {
    text.current = query;
    editor.current?.setText(query);
  };
  const choose = (query: string) => {
    write(query);
    return start(query);
  };
  const link = async () => {
    setParams({ kql: text.current });
    await navigator.clipboard.writeText(location.href);
  };
  useKeys({
    run: () => start(),
    format: () => write(layOutKql(text.current)),
    link: () => link(),
    lastResult: showBefore,
  });
  // A link to a query shows its result, and another range asks again.
  useEffect(() => {
    latest.current().catch(() => undefined);
  }, [range.toString()]);
  const kql = params.get('kql');
  useEffect(() => {
    if (kql && kql !== text.current) choose(kql).catch(() => undefined);
  }, [kql]);
  const { result, before, showsBefore, fault, problem } = run;
  const shown = showsBefore ? before : result;
  const filter = (condition: string) => choose(withCondition(text.current, condition));
  return html`<${Shell} title="Queries" filled>
    <div class="queries">
      <${SchemaBrowser} schema=${schema} insert=${(name: string) => editor.current?.insert(name)} />
      <div class="queries-main">
        <section class="card" aria-label="Query">
          <header>
            <button class="button primary" disabled=${run.busy} onClick=${() => start()}>${icon('run', 14)} Run</button>
            <kbd class="neighbour">Shift Enter</kbd>
            <${SavedMenu} saved=${saved} choose=${choose} query=${() => text.current} />
            <span class="push row">
              ${shown && html`<span class="pill">${shown.timeSetIn === 'query' ? 'Time set in query' : `Time range: ${rangeLabel(search)}`}</span>`}
              <button class="button quiet" title="Shift Alt F" onClick=${() => write(layOutKql(text.current))}>Format</button>
              <${Copy} text=${location.href} label="Copy the address of this query (Shift Alt L)" />
            </span>
          </header>
          <${EditorBox} text=${text} editor=${editor} schema=${schema} onRun=${() => latest.current()} />
          ${fault && html`<${FaultLine} fault=${fault} text=${text.current} editor=${editor} choose=${choose} />`}
          ${problem !== undefined && problemBox(problemIn(problem))}
        </section>
        ${shown && html`<${ResultCard} result=${shown} note=${noteOf(run)} filter=${filter} />`}
      </div>
    </div>
  <//>`;
}

const noteOf = ({ showsBefore, fault, problem }: Run): string => {
  if (showsBefore) return 'Result of the run before (F8)';
  return fault !== undefined || problem !== undefined ? 'Result of the last good run' : '';
};

/** Runs queries one after the other and keeps the result before the newest. */
function useRuns(text: { current: string }, range: string | undefined) {
  const [run, setRun] = useState<Run>({});
  const start = async (query = text.current) => {
    setParams({ kql: query });
    setRun((earlier) => ({ ...earlier, busy: true }));
    try {
      const answer = await sendJson<{ data: QueryResult } | QueryResult>('POST', 'query', { query, range });
      const result = 'data' in answer ? answer.data : answer;
      setRun((earlier) => ({
        result,
        before: earlier.result?.query === result.query ? earlier.before : earlier.result,
      }));
    } catch (error) {
      const fault = error instanceof ApiFailure ? (error.problem as { fault?: QueryFault }).fault : undefined;
      setRun(({ busy: _busy, fault: _fault, problem: _problem, ...earlier }) => ({
        ...earlier,
        ...(fault ? { fault } : { problem: error }),
      }));
    }
  };
  const showBefore = () =>
    setRun((earlier) => ({ ...earlier, showsBefore: !earlier.showsBefore && earlier.before !== undefined }));
  return { run, start, showBefore };
}
