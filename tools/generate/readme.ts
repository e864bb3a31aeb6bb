import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linesByLevel, linesOf, type ModuleLevel } from './lines-of-code.ts';
import type { Sources } from './sources.ts';

const begin = '<!-- Written by "npm run generate" from the manifests and the sources. -->\n';
const end = '\n<!-- End of what is generated. -->';

/** The README with its table of levels as the code is now. Without the two marks nothing changes: then a team wrote its own. */
export function readme(root: string, sources: Sources): string {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end, from);
  if (from < begin.length || to < 0) return text;
  return text.slice(0, from) + ladderTable(root, sources) + text.slice(to);
}

/** One row a level: what it answers, its modules, and the lines of code that a team owns with it. */
function ladderTable(root: string, { manifests, levels }: Sources): string {
  const lines = linesByLevel(root, manifests);
  const row = (own: ModuleLevel, title: string, question: string): string[] => {
    const modules = manifests.filter(({ level }) => level === own).map(({ name }) => `\`${name}\``);
    if (modules.length === 0 && own !== 1) return [];
    const added = (lines.get(own) ?? 0).toLocaleString('en');
    return [`| ${title} | ${question} | ${modules.join(', ')} | ${own === 1 ? '' : '+'}${added} |`];
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
          `| | What became of my messages? | the commands for people, in \`operator/\` | ${operator.toLocaleString('en')} |`,
        ]
      : []),
  ].join('\n');
}
