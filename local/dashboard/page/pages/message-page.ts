import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { MessageFacts } from '../../api/contract.ts';
import { formatBytes, formatDuration, formatTime, shortId } from '../format.ts';
import { icon } from '../parts/icons.ts';
import { Copy, empty, segments, skeleton } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { mark } from '../parts/status.ts';
import { useResource } from '../resource.ts';
import { go, to, transactionPath } from '../router.ts';
import { DeadLetterChangeCard } from './dead-letter-change.ts';

/** One dead letter, told by the message alone. */
export function MessagePage({ queue, sequence }: { queue: string; sequence: string }) {
  const path = `/queues/${encodeURIComponent(queue)}`;
  const { data, problem } = useResource<MessageFacts>(
    `queues/${encodeURIComponent(queue)}/messages/${encodeURIComponent(sequence)}?state=dead`,
    ['queues'],
  );
  const [replaying, setReplaying] = useState(false);
  const crumb = html`<a href=${to('/queues')}>Queues</a> <span class="pale">/</span> <a href=${to(path)}>${queue}</a>`;
  const back = html`<a class="button" href=${to(path)}>All dead letters of ${queue}</a>`;
  return html`<${Shell} title=${data?.file ?? shortId(data?.messageId ?? sequence)} crumb=${crumb}>
    ${!data && problem && html`<section class="card">${empty('Not here any more', `${problem.detail} ${problem.do}`, back)}</section>`}
    ${!data && !problem && html`<section class="card">${skeleton(10)}</section>`}
    ${
      data &&
      html`<section class="card" aria-label="Story">
          <header>
            <h2>${data.reason ?? 'Dead-lettered'}</h2><span class="mono muted">${data.messageId}</span><${Copy} text=${data.messageId} label="Copy the message id" />
            <span class="push row">
              ${data.operationId && html`<a class="button" href=${to(transactionPath(data.operationId))}>Open transaction</a>`}
              <button class="button primary" onClick=${() => setReplaying(true)}>${icon('replay', 14)} Replay…</button>
            </span>
          </header>
          <${History} message=${data} />
        </section>
        ${replaying && html`<${DeadLetterChangeCard} change="replay" queue=${queue} filter=${{ id: data.messageId, parked: true }} title="this message" close=${() => setReplaying(false)} done=${() => go(to(path))} />`}
        <div class="halves"><${ErrorCard} message=${data} /><${Body} message=${data} /></div>`
    }
  <//>`;
}

function History({ message }: { message: MessageFacts }) {
  const { history, enqueued, deadLetteredAt } = message;
  const waits = (from: string, until: string) => formatDuration(Math.max(0, Date.parse(until) - Date.parse(from)));
  return html`<ol class="history">
    <li>${mark('ok')} <span class="mono muted">${formatTime(enqueued)}</span> Queued</li>
    ${history.map(
      ({ time, attempt, outcome, reason, times = 1 }, index) => html`<li>
        ${mark('failed')} <span class="mono muted">${formatTime(time)}</span> Attempt ${attempt}: ${outcome} <span class="chip">${reason}</span> ${times > 1 && `× ${times}`}
        <span class="pale">after ${waits(history[index - 1]?.time ?? enqueued, time)}</span>
      </li>`,
    )}
    ${deadLetteredAt && html`<li>${mark('dead')} <span class="mono muted">${formatTime(deadLetteredAt)}</span> Dead-lettered: <span class="chip">${message.reason ?? 'no reason'}</span></li>`}
    <li>${mark('waiting')} <b>Waits for you</b>${message.parked && ': parked, replayed as often as allowed'}</li>
  </ol>`;
}

function ErrorCard({
  message: { description = '', fingerprint, attempt, deliveryCount, replays = 0, bytes, contentType, properties },
}: {
  message: MessageFacts;
}) {
  const [library, setLibrary] = useState(false);
  const lines = description.split('\n');
  const isLibrary = (line: string) => /^\s+at .*(node:|node_modules)/.test(line);
  const hidden = lines.filter(isLibrary).length;
  const facts = {
    Fingerprint: fingerprint,
    Attempts: attempt,
    Deliveries: deliveryCount,
    Replays: replays,
    Size: formatBytes(bytes),
    'Content type': contentType,
  };
  return html`<section class="card" aria-label="Error">
    <header><h2>Error</h2></header>
    <div class="body" style=${{ display: 'grid', gap: '10px' }}>
      <pre class="block">${lines.filter((line) => library || !isLibrary(line)).join('\n') || 'The message tells no error.'}</pre>
      ${hidden > 0 && html`<button class="button" onClick=${() => setLibrary(!library)}>${library ? 'Fold' : `${hidden} library frames folded`}</button>`}
      <dl class="pairs">${Object.entries(facts).map(([name, value]) => value !== undefined && html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      <h2>Properties</h2>
      <dl class="pairs">${Object.entries(properties).map(([name, value]) => html`<dt class="cut" title=${name}>${name}</dt><dd class="mono">${typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd>`)}</dl>
    </div>
  </section>`;
}

const views = [
  ['text', 'Text'],
  ['json', 'JSON'],
  ['hex', 'Hex'],
] as const;

/** The body is shown as text in every view: it never becomes a part of the page. */
function Body({ message: { body } }: { message: MessageFacts }) {
  const [view, setView] = useState<(typeof views)[number][0]>(
    body.json ? 'json' : body.text === undefined ? 'hex' : 'text',
  );
  const shown = {
    text: () => body.text ?? 'These bytes are no text.',
    json: () => jsonOf(body.text),
    hex: () => hexOf(body.base64),
  }[view]();
  return html`<section class="card" aria-label="Body">
    <header><h2>Body</h2><span class="push">${segments('View', views, view, setView)}</span></header>
    <div class="body"><pre class="block" tabindex="0" style=${{ maxHeight: '420px' }}>${shown}</pre></div>
  </section>`;
}

function jsonOf(text = ''): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    return `No JSON: ${(error as Error).message}`;
  }
}

const MOST_BYTES = 4_096;

function hexOf(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, MOST_BYTES); at += 16) {
    const part = [...bytes.subarray(at, at + 16)];
    const text = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(
      `${at.toString(16).padStart(6, '0')}  ${part
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .join(' ')
        .padEnd(47)}  ${text}`,
    );
  }
  return lines.join('\n') + (bytes.length > MOST_BYTES ? `\n… ${bytes.length - MOST_BYTES} more bytes` : '');
}
