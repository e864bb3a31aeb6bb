import { html } from 'htm/preact';
import { useRef, useState } from 'preact/hooks';
import type { ApiProblem, SendOptions, SentItem } from '../../api/contract.ts';
import { problemIn, sendJson } from '../ask-server.ts';
import { formatBytes, formatTime } from '../format.ts';
import { DataTable, type TableColumn } from '../parts/data-table.ts';
import { empty, problemBox, segments, skeleton } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { type Mark, status } from '../parts/status.ts';
import { useResource } from '../resource.ts';
import { to, transactionPath } from '../router.ts';
import { SendSamples } from './send-samples.ts';

const states: Readonly<Record<SentItem['state'], readonly [Mark, string]>> = {
  sending: ['running', 'Sending'],
  accepted: ['waiting', 'Accepted, on its way'],
  refused: ['failed', 'Refused'],
  failed: ['failed', 'Not answered'],
  delivered: ['ok', 'Delivered'],
  'dead-lettered': ['dead', 'Dead-lettered'],
};

function stateOf({ state, status: code, detail, destination }: SentItem) {
  const [kind, word] = states[state];
  const more = [
    code && state === 'refused' ? code : '',
    detail ?? '',
    destination && state === 'delivered' ? `to ${destination}` : '',
  ]
    .filter(Boolean)
    .join(' ');
  return status(kind, more ? `${word} ${more}` : word);
}

const columns: readonly TableColumn<SentItem>[] = [
  {
    key: 'at',
    title: 'Sent',
    width: '96px',
    cell: ({ at }) => html`<span class="mono muted">${formatTime(at)}</span>`,
  },
  { key: 'name', title: 'What', width: 'minmax(0,1fr)', cell: ({ name }) => name },
  { key: 'bytes', title: 'Size', width: '72px', number: true, cell: ({ bytes }) => formatBytes(bytes) },
  { key: 'state', title: 'State', width: 'minmax(0,1fr)', cell: stateOf },
  {
    key: 'transaction',
    title: 'Transaction',
    width: '90px',
    cell: ({ operationId, messageId }) => {
      const id = operationId ?? messageId;
      return id ? html`<a href=${to(transactionPath(id))}>Follow it</a>` : '';
    },
  },
];

/** Sends the service what its callers would send, breaks what it depends on, and follows what becomes of it. */
export function SendPage() {
  const { data, problem, reload } = useResource<SendOptions>('send', ['sent', 'run']);
  return html`<${Shell} title="Send" filled>
    <div class="halves">
      ${problem && !data && problemBox(problem)} ${!data && !problem && skeleton()}
      ${data && html`<${SendCard} options=${data} reload=${reload} /><${Faults} faults=${data.faults} reload=${reload} />`}
    </div>
    <section class="card" aria-label="What was sent" style=${{ minHeight: '240px', overflow: 'hidden' }}>
      ${
        data?.sent.length
          ? html`<${DataTable} label="What was sent" columns=${columns} rows=${data.sent} rowKey=${({ id }: SentItem) => id} />`
          : empty('Nothing was sent from here yet', 'What you send is listed here with what becomes of it.')
      }
    </section>
  <//>`;
}

function SendCard({ options, reload }: { options: SendOptions; reload: () => void }) {
  const [problems, setProblems] = useState<readonly ApiProblem[]>([]);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const send = async (files: readonly File[]) => {
    const wrong: ApiProblem[] = [];
    for (const file of files) {
      try {
        await sendJson('POST', 'send', { name: file.name, base64: await base64Of(file) });
      } catch (error) {
        wrong.push({ ...problemIn(error), title: `${file.name}: ${problemIn(error).title}` });
      }
    }
    setProblems(wrong);
    reload();
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    send([...(event.dataTransfer?.files ?? [])]).catch((error: unknown) => setProblems([problemIn(error)]));
  };
  const drag = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return html`<section class="card" aria-label="Send">
    <header><h2>Send</h2>${options.target && html`<span class="muted">as your clients would: <code>${options.target}</code></span>`}</header>
    <div class="body" style=${{ display: 'grid', gap: '10px' }}>
      ${
        options.files &&
        html`<div class="drop" data-over=${String(over)} onDragOver=${drag} onDragLeave=${() => setOver(false)} onDrop=${drop}>
          <p>Drop files here, or</p>
          <p><button class="button" onClick=${() => input.current?.click()}>Choose files</button></p>
          <input ref=${input} type="file" multiple hidden aria-label="Files to send" onChange=${() => send([...(input.current?.files ?? [])])} />
        </div>`
      }
      ${options.why && html`<p class="muted">${options.why}</p>`}
      ${options.sample && html`<div class="row"><${SendSamples} count=${25} onSent=${reload} /><span class="muted">of every kind that the sample has, one that cannot be delivered among them</span></div>`}
      ${problems.map((problem) => problemBox(problem))}
    </div>
  </section>`;
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}

function Faults({ faults, reload }: { faults: SendOptions['faults']; reload: () => void }) {
  const [problem, setProblem] = useState<ApiProblem | undefined>();
  const change = async (target: string, mode: string) => {
    setProblem(undefined);
    await sendJson('PUT', `faults/${target}`, { mode }).catch((error: unknown) => setProblem(problemIn(error)));
    reload();
  };
  return html`<section class="card" aria-label="Faults">
    <header><h2>Faults</h2><span class="muted">break what the service depends on; "ok" mends it</span></header>
    <div style=${{ padding: '6px 0' }}>
      ${faults.map(
        ({ target, mode, modes }) => html`<div class="fault-row">
          <span>${target}</span>
          <span>${segments(
            `Fault of ${target}`,
            modes.map((each) => [each, each] as const),
            mode,
            (chosen) => {
              change(target, chosen).catch(() => undefined);
            },
          )}</span>
        </div>`,
      )}
      ${problem && problemBox(problem)}
    </div>
  </section>`;
}
