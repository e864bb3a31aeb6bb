import { readFileSync } from 'node:fs';

/** What a person is told about a code. */
export interface Entry {
  title: string;
  why: string;
  todo: string;
}

const page = new URL('../../docs/doctor.md', import.meta.url);
const section = /^(\S+)\s+(.+?)\s+Why it matters: (.+?)\s+What to do: (.+?)\s*$/s;

/** The entries of `docs/doctor.md` by their codes. */
export function readPage(): ReadonlyMap<string, Entry> {
  const [, ...sections] = readFileSync(page, 'utf8').split(/^## /m);
  return new Map(
    sections.map((text) => {
      const [, code = text, title = '', why = '', todo = ''] = section.exec(text.replace(/\s+/g, ' ')) ?? [];
      return [code, { title, why, todo }];
    }),
  );
}
