import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { QueryFault, TableSchema } from '../../api/contract.ts';
import { namesOf } from '../kql-words.ts';
import { problemBox } from '../parts/notes.ts';
import { mark } from '../parts/status.ts';
import { useKeys } from '../parts/use-keys.ts';
import type { KqlEditor } from './kql-editor.ts';

/** The editor is fetched when this page is opened, for it is larger than all the rest. */
export function EditorBox({
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

/** Where a query is wrong, and what to put there. */
export function FaultLine({
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
