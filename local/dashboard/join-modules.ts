import { posix } from 'node:path';

export interface JoinedModules {
  /** Their paths, each after those that it imports; the last entrance is the last. */
  members: readonly string[];
  /** One module that exports what they all export. */
  content: string;
}

const imports = /^import\s+(?:(\w+)\s*,?\s*)?(?:\{([^}]*)\}\s*)?from\s+'([^']+)';/gm;
const dynamicImports = /\bimport\('(\.[^']+)'\)/g;
const declarations = /^export (?=(?:async function|function\*?|const|class)\s+(\w+))/gm;

/** `a, b as c` as a pattern that takes them from an object. */
const pattern = (names: string): string =>
  names
    .split(',')
    .map((name) => name.trim().replace(/\s+as\s+/, ': '))
    .filter((name) => name !== '')
    .join(', ');

/**
 * Joins modules with all that they import by path, so that a browser fetches them at once: each becomes a function that answers
 * what it exports. It knows the forms of import and export that this page uses, and throws on any other. `read` answers the
 * JavaScript of a path; `addressOf` where a module that is loaded later is served.
 */
export async function joinModules(
  entrances: readonly string[],
  { read, addressOf }: { read: (path: string) => Promise<string>; addressOf: (path: string) => string },
): Promise<JoinedModules> {
  const members: string[] = [];
  const libraries: string[] = [];
  const written: string[] = [];
  const exported = new Map<string, string>();

  const libraryName = (name: string): string => {
    if (!libraries.includes(name)) libraries.push(name);
    return `library${libraries.indexOf(name)}`;
  };
  const write = (path: string, source: string): void => {
    const beside = (specifier: string) => posix.join(posix.dirname(path), specifier);
    const names: string[] = [];
    const code = source
      .replaceAll(imports, (_whole, only: string | undefined, named: string | undefined, from: string) => {
        const module = from.startsWith('.') ? `module${members.indexOf(beside(from))}` : libraryName(from);
        const parts = [...(only ? [`default: ${only}`] : []), ...(named ? [pattern(named)] : [])];
        return `const { ${parts.join(', ')} } = ${module};`;
      })
      .replaceAll(dynamicImports, (_whole, from: string) => `import('${addressOf(beside(from))}')`)
      .replaceAll(declarations, (_whole, name: string) => {
        names.push(name);
        return '';
      });
    const unknown = /^(?:import|export)\b(?!\().*/m.exec(code);
    if (unknown) throw new Error(`${path} cannot be joined: ${unknown[0]}`);
    for (const name of names) {
      const other = exported.get(name);
      if (other !== undefined) throw new Error(`${path} and ${other} both export ${name}.`);
      exported.set(name, path);
    }
    const list = names.join(', ');
    const number = members.push(path) - 1;
    written.push(`// ${path}\nconst module${number} = (() => {\n${code}\nreturn { ${list} };\n})();`);
    if (list !== '') written.push(`export const { ${list} } = module${number};`);
  };
  const visit = async (path: string): Promise<void> => {
    if (members.includes(path)) return;
    const source = await read(path);
    for (const [, , , from = ''] of source.matchAll(imports))
      if (from.startsWith('.')) await visit(posix.join(posix.dirname(path), from));
    write(path, source);
  };

  for (const entrance of entrances) await visit(entrance);
  const loaded = libraries.map((name, index) => `import * as library${index} from '${name}';`);
  return { members, content: [...loaded, ...written, ''].join('\n') };
}
