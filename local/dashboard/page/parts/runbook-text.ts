import { html } from 'htm/preact';
import { queryLink } from './notes.ts';

export type RunbookBlock =
  | { kind: 'heading' | 'text'; text: string }
  | { kind: 'code'; language: string; text: string }
  | { kind: 'list'; ordered: boolean; items: RunbookBlock[][] };

const bullet = /^(?:(\d+)\.|[-*]) +/;

/** The blocks of a runbook: the part of Markdown that runbooks use (headings, text, lists, fenced code). */
export function blocksOf(markdown: string): RunbookBlock[] {
  const lines = markdown.replaceAll('\r\n', '\n').split('\n');
  const blocks: RunbookBlock[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const fence = /^```(\w*)/.exec(line);
    const item = bullet.exec(line);
    if (fence) {
      const end = lines.indexOf('```', at + 1);
      const until = end < 0 ? lines.length : end;
      blocks.push({ kind: 'code', language: fence[1] ?? '', text: lines.slice(at + 1, until).join('\n') });
      at = until + 1;
    } else if (item) {
      const [indent, first] = [item[0].length, at];
      // What is indented below belongs to the item.
      do at += 1;
      while (at < lines.length && ((lines[at] ?? '').startsWith(' ') || isFollowed(lines, at)));
      const body = lines
        .slice(first, at)
        .map((each, index) => (index === 0 ? each.slice(indent) : outdent(each, indent)));
      const list = blocks.at(-1);
      const ordered = item[1] !== undefined;
      if (list?.kind === 'list' && list.ordered === ordered) list.items.push(blocksOf(body.join('\n')));
      else blocks.push({ kind: 'list', ordered, items: [blocksOf(body.join('\n'))] });
    } else if (/^#+ /.test(line)) {
      blocks.push({ kind: 'heading', text: line.replace(/^#+ /, '') });
      at += 1;
    } else {
      const first = at;
      while (at < lines.length && lines[at] !== '' && !/^(?:#|```)/.test(lines[at] ?? '')) at += 1;
      if (at > first) blocks.push({ kind: 'text', text: lines.slice(first, at).join(' ') });
      else at += 1;
    }
  }
  return blocks;
}

/** An empty line inside an item, before what is still indented. */
const isFollowed = (lines: readonly string[], at: number) => lines[at] === '' && (lines[at + 1] ?? '').startsWith(' ');
const outdent = (line: string, indent: number) =>
  line.slice(0, indent).trim() === '' ? line.slice(indent) : line.trimStart();

/** A runbook as a part of the page. Its own title is left out: the page has one. Whatever it holds is text. */
export const runbookText = (markdown: string) => blocksOf(markdown.replace(/^# .*\n/, '')).map(block);

function block(one: RunbookBlock): unknown {
  switch (one.kind) {
    case 'heading':
      return html`<h3>${one.text}</h3>`;
    case 'text':
      return html`<p>${words(one.text)}</p>`;
    case 'code':
      return html`<pre class="block" tabindex="0">${one.text}</pre>${one.language === 'kusto' && html`<p>${queryLink(one.text, 'Run this query')}</p>`}`;
    case 'list': {
      const items = one.items.map((item) => html`<li>${item.map(block)}</li>`);
      return one.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
    }
  }
}

/** Code between backticks and bold text; the target of a link stands in the repository, so that only its words are shown. */
const words = (text: string) =>
  text
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^* ][^*]*\*)/)
    .map((part) => {
      if (part.startsWith('`')) return html`<code>${part.slice(1, -1)}</code>`;
      if (part.startsWith('**')) return html`<b>${part.slice(2, -2)}</b>`;
      return /^\*[^*]+\*$/.test(part) ? html`<em>${part.slice(1, -1)}</em>` : part;
    });
