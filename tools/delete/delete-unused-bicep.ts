import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { deletePath, editFile } from './delete-modules.ts';

const halves = ['infra/main.bicep', 'infra/app.bicep'];

/**
 * Deletes what no template needs any more: templates that no other loads, and in `main.bicep` and `app.bicep` parameters
 * with the values that the parameter files give them, variables and imports. The compiler remarks on what is left unused.
 */
export function deleteUnusedBicep(root: string): void {
  deleteTemplates(root);
  const files = globSync('infra/**/*.bicepparam', { cwd: root });
  for (const half of halves) {
    const ofHalf = new RegExp(`^using '(?:\\.\\./)?${basename(half)}'`);
    for (const parameter of deleteDeclarations(root, half))
      for (const file of files)
        editFile(root, file, (text) => (ofHalf.test(text) ? without(text, 'param', parameter) : text));
  }
}

function deleteTemplates(root: string): void {
  const templates = globSync('infra/**/*.bicep', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
  const loaded = new Set(
    templates.flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/'([^'\n]+\.bicep)'/g)].map(([, target = '']) =>
        join(dirname(path), target).replaceAll('\\', '/'),
      ),
    ),
  );
  const alone = templates.filter((path) => !loaded.has(path) && !halves.includes(path));
  for (const path of alone) deletePath(root, path);
  if (alone.length > 0) deleteTemplates(root);
}

/** One after the other, because one may be all that used another. Answers the parameters. */
function deleteDeclarations(root: string, half: string): string[] {
  const parameters: string[] = [];
  editFile(root, half, (given) => {
    let text = given;
    for (let unused = findUnused(text); unused; unused = findUnused(text)) {
      text = without(text, unused.kind, unused.name);
      if (unused.kind === 'param') parameters.push(unused.name);
    }
    return withoutUnusedImports(text);
  });
  return parameters;
}

/** A template without comments, and of its texts what is put into them: they are full of words that are names elsewhere. */
const codeOf = (template: string): string =>
  template
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, (text) =>
      [...text.matchAll(/\$\{([^}]*)/g)].map(([, put = '']) => ` ${put} `).join(''),
    )
    .replaceAll(/\/\/.*/g, '')
    .replaceAll(/\bin (\w+):/g, 'in $1 :'); // what a loop goes over is no name of a property

/** Whether nothing uses a name: it stands where it is declared, and elsewhere as a property of something alone. `...name` is a use. */
const isUnused = (template: string, name: string): boolean =>
  (codeOf(template).match(new RegExp(`(?<!\\w|(?<!\\.\\.)\\.)${name}\\b(?!:)`, 'g')) ?? []).length === 1;

function findUnused(text: string): { kind: 'param' | 'var'; name: string } | undefined {
  const all = [...text.matchAll(/^(param|var) (\w+)/gm)].map(([, kind, name = '']) => ({
    kind: kind as 'param' | 'var',
    name,
  }));
  return all.find(({ name }) => isUnused(text, name));
}

/** A declaration with the comments and decorators above it, and its further lines, which are indented or close a bracket. */
const without = (text: string, kind: 'param' | 'var', name: string): string =>
  text
    .replace(new RegExp(`^(?:(?://|@).*\\n)*${kind} ${name}\\b.*(?:\\n[ \\t)\\]}].*)*\\n?`, 'm'), '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replace(/\n+$/, '\n');

const withoutUnusedImports = (text: string): string =>
  text.replaceAll(/^import \{ (.+) \} from (.+)\n/gm, (_, names: string, from: string) => {
    const used = names.split(', ').filter((name) => !isUnused(text, name));
    return used.length === 0 ? '' : `import { ${used.join(', ')} } from ${from}\n`;
  });
