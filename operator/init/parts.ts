import type { Part, Parts } from './init-arguments.ts';

const begin = /^\s*(?:\/\/|<!--) only with: (.+?)(?: -->)?$/;
const end = /^\s*(?:\/\/|<!--) end(?: -->)?$/;

/**
 * The lines of a template that a business with these parts has. `// only with: api and worker or topic` begins lines for
 * some, `no` means without, `// end` ends them, and blocks may lie in one another.
 */
export function onlyWith(template: string, parts: Parts): string {
  const open: boolean[] = [];
  const kept = template.split('\n').filter((line) => {
    const condition = begin.exec(line)?.[1];
    if (condition !== undefined) open.push(holds(condition, parts));
    else if (end.test(line)) open.pop();
    else return open.every(Boolean);
    return false;
  });
  return kept.join('\n');
}

const holds = (condition: string, parts: Parts): boolean =>
  condition.split(' or ').some((all) =>
    all.split(' and ').every((one) => {
      const without = one.startsWith('no ');
      return parts.has((without ? one.slice(3) : one) as Part) !== without;
    }),
  );
