import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Level } from '../../src/config/manifest.ts';
import { readLadderFaults } from '../ladder/ladder-faults-text.ts';
import { bytesOf, readLadderVolume } from '../ladder/ladder-volume-text.ts';
import { priceOfLevel } from '../ladder/price-of-level.ts';
import { linesByLevel, linesOf, type ModuleLevel } from './lines-of-code.ts';
import { withMarkedPart } from './marked-part.ts';
import type { Sources } from './sources.ts';

const beginOf = (what: string) => `<!-- Written by "npm run generate" from ${what}. -->`;
const end = '<!-- End of what is generated. -->';

/** The README with its tables as the code, the predictions and the measurements are now. */
export function readme(root: string, sources: Sources): string {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const contrast = withMarkedPart(text, beginOf('docs/ladder-faults.json'), end, contrastTable());
  const begin = beginOf('the manifests, the sources and the prices');
  return withMarkedPart(contrast, begin, end, ladderTable(root, sources));
}

/** What became of the messages in the first fault that was measured, at each level. */
function contrastTable(): string[] {
  const { messagesPerSecond, faults } = readLadderFaults();
  const [fault] = faults;
  if (fault === undefined) return [];
  const count = (messages: number) => messages.toLocaleString('en');
  const cells = fault.levels.map(({ level, accepted, delivered, deadLettered, lost }) =>
    [`level ${level}`, ...[accepted, delivered, deadLettered, lost].map(count)].join(' | '),
  );
  return [
    `Measured: ${fault.what} for ${fault.seconds} seconds, at ${messagesPerSecond} messages a second.`,
    '',
    '| Messages | Accepted | Delivered | Dead-lettered | Lost |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...cells.map((row) => `| ${row} |`),
  ];
}

/** One row a level: what it answers, its modules, the lines of code that a team owns with it, and its price. */
function ladderTable(root: string, { manifests, levels }: Sources): string[] {
  const lines = linesByLevel(root, manifests);
  const linesOfModule = (name: string) => linesOf(root, `src/observability/modules/${name}`);
  const row = (own: ModuleLevel, title: string, question: string): string[] => {
    const modules = manifests.filter(({ level }) => level === own).map(({ name }) => name);
    if (modules.length === 0 && own !== 1) return [];
    const added = own === 'opt-in' ? modules.map(linesOfModule) : [lines.get(own) ?? 0];
    const shown = added.map((count) => `${own === 1 ? '' : '+'}${count.toLocaleString('en')}`).join(', ');
    const [price, kilobytes] = own === 'opt-in' ? ['', ''] : [priceText(root, own), kilobytesAt(own)];
    const names = modules.map((name) => `\`${name}\``).join(', ');
    return [`| ${title} | ${question} | ${names} | ${shown} | ${price} | ${kilobytes} |`];
  };
  const operator = linesOf(root, 'operator');
  const { currency } = priceOfLevel(root, 1);
  return [
    `| Level | You can answer | Modules | Lines of code | ${currency} a month | KB a message |`,
    '| --- | --- | --- | ---: | ---: | ---: |',
    ...Object.entries(levels).flatMap(([level, { name, answers }]) =>
      row(Number(level) as Level, `${level} ${name}`, answers),
    ),
    ...row('opt-in', 'opt-in', 'Each has a question of its own'),
    ...(operator > 0
      ? [
          `| | Which level is ours, and what became of my messages? | the commands for people, in \`operator/\` | ${operator.toLocaleString('en')} | | |`,
        ]
      : []),
  ];
}

/** The first level in all, idle to busy, as its parts are rounded; each other one beyond that below it. */
function priceText(root: string, level: Level): string {
  const { idle, active } = priceOfLevel(root, level);
  if (level === 1) return `${Math.round(idle)} to ${Math.round(active)}`;
  const below = priceOfLevel(root, (level - 1) as Level);
  return `+${Math.round(active - below.active)}`;
}

/** The telemetry that a message leaves at a level, of the committed measurement; empty where it was not measured. */
function kilobytesAt(level: Level): string {
  const bytes = bytesOf(readLadderVolume(), level);
  return bytes === 0 ? '' : (bytes / 1_000).toFixed(1);
}
