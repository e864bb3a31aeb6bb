import { basename } from 'node:path';
import { isMap, isScalar, parseDocument, visit } from 'yaml';

/** The text of the file `from` without what needs the file `gone`: its imports with their use, or the hooks that run it. */
export const withoutMention =
  (gone: string, from: string) =>
  (text: string): string =>
    from.endsWith('.yaml') ? withoutHooks(text, gone) : withoutImport(text, gone);

/** Without the import of the file, and the lines that name what it imports. */
function withoutImport(text: string, gone: string): string {
  const all = new RegExp(`^import \\{([^}]*)\\} from '[./\\w-]*/${basename(gone)}';\n`, 'm');
  const names = all.exec(text)?.[1]?.match(/\w+/g) ?? [];
  return text
    .replace(all, '')
    .split('\n')
    .filter((line) => !names.some((name) => new RegExp(`\\b${name}\\b`).test(line)))
    .join('\n');
}

/** Without the hooks of azd that run the file. All other lines stay as they are written. */
function withoutHooks(text: string, gone: string): string {
  const document = parseDocument(text);
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== 'hooks' || !isMap(value)) return undefined;
      value.items = value.items.filter((hook) => !JSON.stringify(hook).includes(gone));
      return value.items.length === 0 ? visit.REMOVE : undefined;
    },
  });
  return document.toString({ lineWidth: 0 });
}
