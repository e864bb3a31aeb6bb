import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/contract.ts';
import { problemIn, sendJson } from '../ask-server.ts';
import { problemBox } from '../parts/notes.ts';

/** Sends requests of the business's own sample, so that there is something to see. */
export function SendSamples({ count = 20, onSent }: { count?: number; onSent?: () => void }) {
  const [state, setState] = useState<{ busy?: boolean; problem?: ApiProblem }>({});
  const send = async () => {
    setState({ busy: true });
    try {
      await sendJson('POST', 'send', { sample: count });
      setState({});
      onSent?.();
    } catch (error) {
      setState({ problem: problemIn(error) });
    }
  };
  return html`<button class="button primary" disabled=${state.busy} onClick=${send}>
      ${state.busy ? 'Sending…' : `Send ${count} samples`}
    </button>
    ${state.problem && problemBox(state.problem)}`;
}
