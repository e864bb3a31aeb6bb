import { html } from 'htm/preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ApiProblem, LevelList } from '../../api/contract.ts';
import { problemIn, sendJson } from '../ask-server.ts';
import { keyGroups, keyTable, keyWords } from '../keys.ts';
import { pauseLive } from '../live-changes.ts';
import { useResource } from '../resource.ts';
import { go, setParams, to } from '../router.ts';
import { useStore } from '../store.ts';
import { switchTheme } from '../theme.ts';
import { defaultRange, ranges } from '../url-state.ts';
import { icon } from './icons.ts';
import { pages } from './nav.ts';
import { empty, problemBox } from './notes.ts';
import { singleKeys, switchSingleKeys } from './use-keys.ts';

/** A dialog that has the focus until it is closed, which returns the focus to where it was. */
function Dialog({ label, close, children }: { label: string; close: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  const outside = (event: MouseEvent) => event.target === dialog.current && close();
  return html`<dialog ref=${dialog} aria-label=${label} onClose=${close} onClick=${outside}>${children}</dialog>`;
}

/** Every key, and the switch that turns single ones off. */
export function KeyHelp({ close }: { close: () => void }) {
  const on = useStore(singleKeys);
  return html`<${Dialog} label="Keys" close=${close}>
    <div class="card">
      <header>
        <h2>Keys</h2>
        <button class="button icon quiet push" aria-label="Close" onClick=${close}>${icon('close')}</button>
      </header>
      <div class="body key-groups">
        ${keyGroups().map(
          ([group, names]) => html`<section aria-label=${group}>
            <h3>${group}</h3>
            <dl class="pairs">
              ${names.map((name) => html`<dt>${keyWords(name).map((word) => html`<kbd>${word}</kbd> `)}</dt><dd>${keyTable[name].what}</dd>`)}
            </dl>
          </section>`,
        )}
      </div>
      <p class="body"><label><input type="checkbox" checked=${on} onChange=${switchSingleKeys} /> Keys without Ctrl, Alt or Shift</label></p>
    </div>
  <//>`;
}

interface Command {
  group: string;
  what: string;
  run(): unknown;
}

/** Everything that can be done from anywhere, found by its words. */
export function CommandList({ close }: { close: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [problem, setProblem] = useState<ApiProblem | undefined>();
  const levels = useResource<LevelList>('levels').data;
  const all = useMemo(() => commandsOf(levels), [levels]);
  const found = all.filter(({ group, what }) => hasWords(`${group} ${what}`, text));
  const chosen = Math.min(at, found.length - 1);
  const run = async (command: Command | undefined) => {
    try {
      await command?.run();
      if (command) close();
    } catch (error) {
      setProblem(problemIn(error));
    }
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((chosen + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(found[chosen]).catch(() => undefined);
    else return;
    event.preventDefault();
  };
  useEffect(() => document.getElementById(`command-${chosen}`)?.scrollIntoView({ block: 'nearest' }), [chosen]);
  const search = (event: InputEvent) => {
    setText((event.target as HTMLInputElement).value);
    setAt(0);
  };
  return html`<${Dialog} label="Commands" close=${close}>
    <div class="commands">
      <input class="input" type="text" role="combobox" aria-expanded="true" aria-controls="commands" aria-activedescendant="command-${chosen}" aria-label="Find a command" placeholder="Page, level, range …" value=${text} onInput=${search} onKeyDown=${press} autofocus />
      ${problem && problemBox(problem)} ${found.length === 0 && empty('No such command', 'Try fewer letters.')}
      <ul id="commands" role="listbox" aria-label="Commands">
        ${found.map(
          (command, index) => html`<li
            key=${command.group + command.what}
            id="command-${index}"
            role="option"
            aria-selected=${String(index === chosen)}
            onClick=${() => run(command)}
            onMouseMove=${() => setAt(index)}
          >
            <span>${command.what}</span> <span class="push pale">${command.group}</span>
          </li>`,
        )}
      </ul>
    </div>
  <//>`;
}

const hasWords = (text: string, words: string) =>
  words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));

function commandsOf(levels: LevelList | undefined): Command[] {
  const { run, levels: known = [], fileLevel } = levels ?? {};
  const switchTo = (level: number) => async () => {
    await sendJson('PUT', 'level', { level: level === fileLevel ? null : level });
    go(to('/'));
  };
  const samples = async () => {
    await sendJson('POST', 'send', { sample: 20 });
    go(to('/send'));
  };
  return [
    ...pages.map(({ name, path }) => ({ group: 'Page', what: keyTable[name].what, run: () => go(to(path)) })),
    ...known
      .filter(({ level }) => level !== run?.level)
      .map(({ level, name }) => ({
        group: 'Level of this run',
        what: `Switch to level ${level} ${name}`,
        run: switchTo(level),
      })),
    { group: 'Send', what: 'Send 20 samples', run: samples },
    ...ranges.map(([range, label]) => ({
      ...{ group: 'Time range', what: range === 'all' ? 'All' : `Last ${label}` },
      run: () => setParams({ range: range === defaultRange ? undefined : range, from: undefined, to: undefined }),
    })),
    { group: 'Look', what: 'Light or dark', run: switchTheme },
    { group: 'Look', what: 'Pause live changes, or go on', run: pauseLive },
  ];
}
