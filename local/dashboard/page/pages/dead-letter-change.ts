import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { ApiProblem, DeadLetterChange, DeadLetterFilter } from '../../api/contract.ts';
import { getJson, problemIn, sendJson } from '../ask-server.ts';
import { formatNumberOf, formatTime } from '../format.ts';
import { icon } from '../parts/icons.ts';
import { problemBox, skeleton, warningBox } from '../parts/notes.ts';
import { mark } from '../parts/status.ts';
import { useKeys } from '../parts/use-keys.ts';

const FOLLOW_MS = 400;

export interface DeadLetterChangeProps {
  change: 'replay' | 'purge';
  queue: string;
  filter: DeadLetterFilter;
  title: string;
  close(): void;
  done(): void;
}

/** First what would happen, then the button that makes it happen, then how far it is. */
export function DeadLetterChangeCard({ change, queue, filter, title, close, done }: DeadLetterChangeProps) {
  const [state, setState] = useState<DeadLetterChange | undefined>();
  const [problem, setProblem] = useState<ApiProblem | undefined>();
  const [max, setMax] = useState(100);
  const [perSecond, setPerSecond] = useState(20);
  const [typed, setTyped] = useState('');
  useKeys({ close });
  const path = `queues/${encodeURIComponent(queue)}/${change}s`;
  const ask = async (body: object) => {
    setProblem(undefined);
    try {
      const answer = await sendJson<DeadLetterChange | { data: DeadLetterChange }>('POST', path, {
        filter,
        max,
        ...body,
      });
      setState('data' in answer ? answer.data : answer);
    } catch (error) {
      setProblem(problemIn(error));
    }
  };
  useEffect(() => {
    ask({ dryRun: true }).catch(() => undefined);
  }, [max]);
  const working = state?.state === 'working';
  useEffect(() => {
    if (!working || !state) return;
    const timer = setInterval(() => {
      getJson<DeadLetterChange>(`replays/${state.id}`)
        .then(({ data }) => {
          setState(data);
          if (data.state !== 'working') done();
        })
        .catch((error: unknown) => setProblem(problemIn(error)));
    }, FOLLOW_MS);
    return () => clearInterval(timer);
  }, [working, state?.id]);
  const act = () =>
    ask({
      dryRun: false,
      before: state?.before,
      ...(change === 'replay' ? { perSecond } : { confirm: state?.matched }),
    });
  const word = change === 'replay' ? 'Replay' : 'Purge';
  const number = (label: string, value: number, set: (value: number) => void) =>
    html`<label>${label}<input class="input" type="number" min="1" value=${value} onChange=${(event: Event) => set(Math.max(1, Number((event.target as HTMLInputElement).value)))} /></label>`;
  return html`<section class="card change" aria-label="${word} ${title}">
    <header>
      <h2>${word} ${title}</h2>
      ${state?.state === 'planned' && html`<span class="pill">Dry run, nothing ${change === 'replay' ? 'sent' : 'deleted'} yet</span>`}
      <button class="button icon quiet push" aria-label="Close" onClick=${close}>${icon('close')}</button>
    </header>
    <div class="change-body">
      <div>${problem ? problemBox(problem) : state ? html`<${Progress} state=${state} />` : skeleton(3)}</div>
      ${
        state?.state === 'planned' &&
        html`<div class="change-fields">
          ${number('At most', max, setMax)} ${change === 'replay' && number('Per second', perSecond, setPerSecond)}
          ${change === 'purge' && html`<label>Type ${state.matched} to confirm<input class="input" inputmode="numeric" value=${typed} onInput=${(event: InputEvent) => setTyped((event.target as HTMLInputElement).value)} /></label>`}
        </div>`
      }
      <div class="change-end">
        ${state?.warning && warningBox('Not now?', state.warning)}
        <div class="row push">
          ${working && html`<button class="button" onClick=${() => sendJson('DELETE', `replays/${state.id}`)}>Stop</button>`}
          <button class="button" onClick=${close}>${state?.state === 'planned' ? 'Cancel' : 'Close'}</button>
          ${state?.state === 'planned' && html`<button class="button primary" disabled=${state.matched === 0 || (change === 'purge' && typed !== String(state.matched))} onClick=${act}>${word} ${formatNumberOf(state.matched, 'message')}</button>`}
        </div>
      </div>
    </div>
  </section>`;
}

function Progress({ state }: { state: DeadLetterChange }) {
  const { change, matched, parked, before, done, failed, missed, queue } = state;
  const goes = change === 'replay' ? html`would go back to <code>${queue}</code>` : 'would be deleted for good';
  switch (state.state) {
    case 'planned':
      return html`<ul class="change-list">
        <li>${mark(matched > 0 ? 'ok' : 'off')} <span><b>${matched}</b> ${goes}</span></li>
        ${parked > 0 && html`<li>${mark('paused')} <span><b>${parked}</b> ${parked === 1 ? 'stays: it is' : 'stay: they are'} parked, replayed as often as allowed</span></li>`}
        <li class="muted">${mark('waiting')} <span>Only messages dead-lettered before ${formatTime(before, { milliseconds: false })}. Later ones keep their place.</span></li>
      </ul>`;
    case 'working':
      return html`<p role="status">${mark('running')} ${change === 'replay' ? 'Replaying' : 'Deleting'} ${done} of ${matched}</p>`;
    case 'done':
      return html`<p role="status">${mark('ok')} <b>${done}</b> ${change === 'replay' ? 'sent back' : 'deleted'}${failed > 0 ? `, ${failed} failed` : ''}${missed > 0 ? `, ${missed} no longer there` : ''}.</p>`;
    default:
      return problemBox({
        title: state.state === 'stopped' ? `Stopped after ${done}.` : 'It failed:',
        detail: state.error ?? '',
        do: '',
      });
  }
}
