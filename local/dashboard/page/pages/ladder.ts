import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApiProblem, LevelList, PlanAnswer } from '../../api/contract.ts';
import { problemIn, sendJson } from '../ask-server.ts';
import { formatBytes, formatDuration, formatMoney } from '../format.ts';
import { Copy, problemBox } from '../parts/notes.ts';
import { mark } from '../parts/status.ts';
import { useResource } from '../resource.ts';
import { to } from '../router.ts';

/** The levels as stairs. Arrows choose one; only the button switches, and never in the file. */
export function Ladder({ levels, reload }: { levels: LevelList; reload: () => void }) {
  const now = levels.run.level;
  const [chosen, setChosen] = useState(now);
  useEffect(() => setChosen(now), [now]);
  const group = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const next = chosen + (step ?? 0);
    if (!step || !levels.levels.some(({ level }) => level === next)) return;
    event.preventDefault();
    setChosen(next);
    group.current?.querySelector<HTMLElement>(`[data-level="${next}"]`)?.focus();
  };
  return html`<section aria-label="Level">
      <div
        class="ladder"
        role="radiogroup"
        aria-label="Level"
        ref=${group}
        onKeyDown=${move}
        style=${{ '--steps': levels.levels.length }}
      >
        ${levels.levels.map(
          ({ level, name, answers, modules }) => html`<button
            key=${level}
            class="step"
            role="radio"
            aria-checked=${String(level === chosen)}
            tabindex=${level === chosen ? 0 : -1}
            data-level=${level}
            data-current=${String(level === now)}
            data-above=${String(level > now)}
            data-offered=${String(level !== now && level === (chosen === now ? nextOf(levels) : chosen))}
            style=${{ '--step': level }}
            onClick=${() => setChosen(level)}
          >
            <span class="small">${level === now && html`<span class="pill solid">Current</span>`}Level ${level}</span>
            <b>${name}</b>
            <span class="answers">${answers}</span>
            <span class="foot">
              ${level > now ? `+ ${modules.map((module) => module.name).join(', ')}` : `${modules.length} modules`}
            </span>
          </button>`,
        )}
      </div>
    </section>
    <${Switch} levels=${levels} chosen=${chosen === now ? nextOf(levels) : chosen} reload=${reload} />`;
}

/** The next level up; at the top there is none. */
const nextOf = ({ run, levels }: LevelList) =>
  levels.some(({ level }) => level === run.level + 1) ? run.level + 1 : undefined;

/** What the service was asked to become, until it did or did not. */
interface Change {
  from: number;
  level: number;
  since: number;
}

function Switch({ levels, chosen, reload }: { levels: LevelList; chosen: number | undefined; reload: () => void }) {
  const [change, setChange] = useState<Change | undefined>();
  const [problem, setProblem] = useState<ApiProblem | undefined>();
  const { run } = levels;
  const switchTo = async (level: number) => {
    setProblem(undefined);
    setChange({ from: run.level, level, since: performance.now() });
    try {
      await sendJson('PUT', 'level', { level: level === levels.fileLevel ? null : level });
    } catch (error) {
      setProblem(problemIn(error));
      setChange(undefined);
    }
    reload();
  };
  const arrived = change && run.level === change.level && run.state === 'ready';
  const failed = run.state === 'failed' || run.state === 'stopped';
  if (problem) return html`<div class="card switch">${problemBox(problem)}</div>`;
  if (change && !arrived && !failed) return html`<${Restarting} change=${change} reload=${reload} />`;
  if (failed) return html`<${DidNotStart} levels=${levels} back=${change?.from} switchTo=${switchTo} />`;
  if (change && arrived && (chosen === undefined || chosen === nextOf(levels))) {
    return html`<${Arrived} levels=${levels} close=${() => setChange(undefined)} />`;
  }
  return chosen === undefined ? null : html`<${Offer} levels=${levels} chosen=${chosen} switchTo=${switchTo} />`;
}

function Restarting({ change, reload }: { change: Change; reload: () => void }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const draw = setInterval(() => tick((count) => count + 1), 100);
    const ask = setInterval(reload, 500);
    return () => {
      clearInterval(draw);
      clearInterval(ask);
    };
  }, []);
  return html`<div class="card switch" role="status">
    <p>${mark('running')} <b>Restarting at level ${change.level}…</b> <span class="muted">${formatDuration(performance.now() - change.since)}</span></p>
  </div>`;
}

function DidNotStart({
  levels: { run },
  back,
  switchTo,
}: {
  levels: LevelList;
  back: number | undefined;
  switchTo: (level: number) => void;
}) {
  const what = { title: `Level ${run.level} did not start:`, detail: run.error ?? 'the service ended.', do: '' };
  return html`<div class="card switch">
    ${problemBox(what, back && html` <button class="button" onClick=${() => switchTo(back)}>Back to level ${back}</button>`)}
  </div>`;
}

function Arrived({ levels: { run, fileLevel }, close }: { levels: LevelList; close: () => void }) {
  const setting = `"level": ${run.level}`;
  return html`<div class="card switch" role="status">
    <p>
      ${mark('ok')} <b>Level ${run.level} is running</b>${
        run.level === fileLevel
          ? html`, as observability.json says.`
          : html`, for this run. To keep it: <code>${setting}</code> in observability.json <${Copy} text=${setting} label="Copy the setting" />`
      }
      ${run.startedInMs !== undefined && html`<span class="muted"> Started in ${formatDuration(run.startedInMs)}.</span>`}
    </p>
    <button class="button" onClick=${close}>OK</button>
  </div>`;
}

function Offer({ levels, chosen, switchTo }: { levels: LevelList; chosen: number; switchTo: (level: number) => void }) {
  const { run } = levels;
  const plan = useResource<PlanAnswer>(`plan?from=${run.level}&to=${chosen}`).data;
  const facts = levels.levels.find(({ level }) => level === chosen);
  const between = levels.levels.filter(
    ({ level }) => level > Math.min(run.level, chosen) && level <= Math.max(run.level, chosen),
  );
  const names = between.flatMap(({ modules }) => modules.map(({ name }) => name));
  return html`<section class="card switch" aria-label="The next level">
    <p>
      <b>Level ${chosen} · ${facts?.name}</b> ${chosen > run.level ? 'adds' : 'takes away'} ${joined(names)}.<br />
      <span class="muted">${plan?.unavailable ?? priceOf(plan)} The service restarts; nothing queued or collected is lost.</span>
    </p>
    <a class="button" href=${to('/plan', { from: String(run.level), to: String(chosen) })}>See the plan</a>
    <button class="button primary" onClick=${() => switchTo(chosen)}>Switch to level ${chosen}</button>
  </section>`;
}

const joined = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** What a step costs a month, by `npm run plan`. */
function priceOf(plan: PlanAnswer | undefined): string {
  if (!plan || plan.unavailable !== undefined) return '';
  const { cost, lines } = plan.result;
  const { before, after } = cost.telemetry;
  const signed = (value: number, words: string) => `${value < 0 ? '−' : '+'}${words}`;
  const price = cost.resources + after.price - before.price;
  const gb = (after.gb - before.gb) * 1e9;
  return `${signed(price, formatMoney(Math.abs(price)))} and ${signed(gb, formatBytes(Math.abs(gb)))} a month at ${cost.telemetry.messages.toLocaleString('en-US')} messages; ${signed(lines, Math.abs(lines).toLocaleString('en-US'))} lines to own.`;
}
