import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, linter } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Completions, QueryCheck } from '../../api/contract.ts';
import { sendJson } from '../ask-server.ts';
import { type KqlNames, type KqlWord, nextWord } from '../kql-words.ts';

export interface KqlEditor {
  text(): string;
  setText(text: string): void;
  insert(text: string): void;
  /** Puts the cursor there. */
  show(start: number, length: number): void;
  /** After a change of the names. */
  recolour(): void;
  focus(): void;
  end(): void;
}

const CHECK_AFTER_MS = 300;
const BLINK_MS = 1_200;

const tagOf: Readonly<Record<KqlWord, string | null>> = {
  table: 'typeName',
  column: 'propertyName',
  operator: 'keyword',
  function: 'variableName',
  string: 'string',
  number: 'number',
  comment: 'comment',
  other: null,
};

const colours = HighlightStyle.define([
  { tag: tags.typeName, color: 'var(--k-table)' },
  { tag: tags.propertyName, color: 'var(--k-col)' },
  { tag: tags.keyword, color: 'var(--k-op)' },
  { tag: tags.variableName, color: 'var(--k-fn)' },
  { tag: tags.string, color: 'var(--k-str)' },
  { tag: tags.number, color: 'var(--k-num)' },
  { tag: tags.comment, color: 'var(--k-cmt)' },
]);

const look = EditorView.theme({
  '&': { fontSize: '13px', maxHeight: '252px', minHeight: '132px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontVariantLigatures: 'none', lineHeight: '20px', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)', padding: '4px 0' },
  '.cm-cursor': { borderColor: 'var(--text)' },
  '.cm-gutters': { background: 'transparent', color: 'var(--text-3)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { background: 'color-mix(in srgb, var(--selected) 60%, transparent)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--selected) !important' },
  '.cm-tooltip': { background: 'var(--surface)', border: '1px solid var(--line-strong)', borderRadius: '5px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--selected)', color: 'var(--text)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--err)' },
  '.cm-diagnosticAction': { background: 'var(--accent)', color: 'var(--on-accent)' },
});

/** An editor for KQL. Completion and what is wrong come from Microsoft's language service, which the server asks. */
export function openKqlEditor(
  parent: HTMLElement,
  {
    text,
    names,
    onChange,
    onRun,
  }: { text: string; names: () => KqlNames; onChange: (text: string) => void; onRun: () => void },
): KqlEditor {
  const language = new Compartment();
  const words = () =>
    StreamLanguage.define({
      token(stream) {
        if (stream.eatSpace()) return null;
        const { length, word } = nextWord(stream.string.slice(stream.pos), names());
        stream.pos += length;
        return tagOf[word];
      },
    });
  const runNow = () => {
    onRun();
    return true;
  };
  const nonce = document.querySelector<HTMLMetaElement>('meta[name=nonce]')?.content ?? '';
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        keymap.of([{ key: 'Shift-Enter', run: () => runNow() }]),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        lineNumbers(),
        history(),
        drawSelection({ cursorBlinkRate: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : BLINK_MS }),
        closeBrackets(),
        highlightActiveLine(),
        language.of(words()),
        syntaxHighlighting(colours),
        look,
        autocompletion({ override: [complete] }),
        linter(check, { delay: CHECK_AFTER_MS }),
        EditorView.contentAttributes.of({ 'aria-label': 'Query', tabindex: '0' }),
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    setText: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
    insert(added) {
      view.dispatch(view.state.replaceSelection(added));
      view.focus();
    },
    show(start, length) {
      const end = view.state.doc.length;
      view.dispatch({
        selection: { anchor: Math.min(start, end), head: Math.min(start + length, end) },
        scrollIntoView: true,
      });
      view.focus();
    },
    recolour: () => view.dispatch({ effects: language.reconfigure(words()) }),
    focus: () => view.focus(),
    end: () => view.destroy(),
  };
}

async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const before = context.matchBefore(/[\w$]+|[|(,=]\s*/);
  if (!before && !context.explicit) return null;
  const body = { query: context.state.doc.toString(), position: context.pos };
  const found = await answerOf<Completions>('query/complete', body);
  if (!found || found.items.length === 0) return null;
  const options = found.items.map(({ label, kind, before: text, after }) => ({
    label,
    type: kind === 'table' ? 'class' : kind === 'column' ? 'property' : kind === 'function' ? 'function' : 'keyword',
    apply: (view: EditorView, _: unknown, from: number, to: number) =>
      view.dispatch({ changes: { from, to, insert: text + after }, selection: { anchor: from + text.length } }),
  }));
  return { from: found.start, options, validFor: /^[\w$]*$/ };
}

async function check(view: EditorView): Promise<Diagnostic[]> {
  const query = view.state.doc.toString();
  if (query.trim() === '') return [];
  const found = await answerOf<QueryCheck>('query/check', { query });
  return (found?.faults ?? []).map(({ start, length, message, suggestion, unsupported }) => {
    const from = Math.min(start, query.length);
    const to = Math.min(query.length, Math.max(start + length, from + 1));
    const mend = suggestion && {
      name: suggestion,
      apply: (editor: EditorView) => editor.dispatch({ changes: { from, to, insert: suggestion } }),
    };
    return {
      from,
      to,
      message,
      severity: unsupported ? 'warning' : 'error',
      ...(mend && { actions: [mend] }),
    } as Diagnostic;
  });
}

/** What helps while one writes may be missing: the query itself tells what is wrong. */
async function answerOf<T>(path: string, body: object): Promise<T | undefined> {
  const answer = await sendJson<T | { data: T }>('POST', path, body).catch(() => undefined);
  return answer && typeof answer === 'object' && 'data' in answer ? answer.data : (answer as T | undefined);
}
