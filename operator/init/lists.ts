import { CommandRefused } from '../command-refused.ts';
import { type BusinessName, camel, pascal } from './business-name.ts';
import type { Project } from './project.ts';

/** Where a business has its line, and what stands there for it. */
const lists = [
  {
    path: 'src/business/index.ts',
    imported: ({ plural }: BusinessName) => `create${pascal(plural)}`,
    element: ({ plural }: BusinessName) => `create${pascal(plural)}()`,
  },
  {
    path: 'local/business/index.ts',
    imported: ({ plural }: BusinessName) => camel(plural),
    element: ({ plural }: BusinessName) => camel(plural),
  },
] as const;

const list = /(: readonly \w+\[\] = \[)([^\]]*)\]/;
const elementsOf = (inside: string) => inside.split(',').flatMap((element) => element.trim() || []);

/** Throws `CommandRefused` when a list is not written as one that a line can be added to. */
export function checkLists(project: Project): void {
  for (const { path } of lists) {
    if (project.has(path) && !list.test(project.read(path)))
      throw new CommandRefused(`${path} must hold one list of all businesses: ": readonly Business[] = [ … ]".`);
  }
}

/** The formatter puts the imports into their order. */
export function addToLists(project: Project, name: BusinessName): void {
  for (const { path, imported, element } of lists) {
    project.edit(path, (text) => {
      const extended = text.replace(
        list,
        (_, open: string, inside: string) => `${open}${[...elementsOf(inside), element(name)].join(', ')}]`,
      );
      return `import { ${imported(name)} } from './${name.plural}/index.ts';\n${extended}`;
    });
  }
}

export function removeFromLists(project: Project, name: BusinessName): void {
  for (const { path, element } of lists) {
    project.edit(path, (text) =>
      text
        .replace(new RegExp(`^import .+ from './${name.plural}/index\\.ts';\n`, 'm'), '')
        .replace(list, (_, open: string, inside: string) => {
          return `${open}${elementsOf(inside)
            .filter((one) => one !== element(name))
            .join(', ')}]`;
        }),
    );
  }
}
