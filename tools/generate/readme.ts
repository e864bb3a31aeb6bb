import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linesByLevel, linesOf, type ModuleLevel } from './lines-of-code.ts';
import { withMarkedPart } from './marked-part.ts';
import type { Sources } from './sources.ts';

const begin = '<!-- Written by "npm run generate" from the manifests and the sources. -->';
const end = '<!-- End of what is generated. -->';

/** The README with its table of levels as the code is now. */
export function readme(root: string, sources: Sources): string {
  return withMarkedPart(readFileSync(join(root, 'README.md'), 'utf8'), begin, end, ladderTable(root, sources));
}

/** One row a level: what it answers, its modules, and the lines of code that a team owns with it. */
function ladderTable(root: string, { manifests, levels }: Sources): string[] {
  const lines = linesByLevel(root, manifests);
  const linesOfModule = (name: string) => linesOf(root, `src/observability/modules/${name}`);
  const row = (own: ModuleLevel, title: string, question: string): string[] => {
    const modules = manifests.filter(({ level }) => level === own).map(({ name }) => name);
    if (modules.length === 0 && own !== 1) return [];
    const added = own === 'opt-in' ? modules.map(linesOfModule) : [lines.get(own) ?? 0];
    const shown = added.map((count) => `${own === 1 ? '' : '+'}${count.toLocaleString('en')}`).join(', ');
    return [`| ${title} | ${question} | ${modules.map((name) => `\`${name}\``).join(', ')} | ${shown} |`];
  };
  const operator = linesOf(root, 'operator');
  return [
    '| Level | You can answer | Modules here today | Lines of code |',
    '| --- | --- | --- | ---: |',
    ...Object.entries(levels).flatMap(([level, { name, answers }]) =>
      row(Number(level) as ModuleLevel, `${level} ${name}`, answers),
    ),
    ...row('opt-in', 'opt-in', 'Each has a question of its own'),
    ...(operator > 0
      ? [
          `| | Which level is ours, and what became of my messages? | the commands for people, in \`operator/\` | ${operator.toLocaleString('en')} |`,
        ]
      : []),
  ];
}
