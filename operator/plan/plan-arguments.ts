import type { Level } from '../../src/config/manifest.ts';
import { levels } from '../../src/observability/levels.ts';
import { CommandRefused } from '../command-refused.ts';
import { readOptions } from '../read-options.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = {
  ...{ topology: text, messages: { ...text, default: '1000000' }, workspace: text },
  ...{ volume: flag, markdown: flag, json: flag },
};

/** Throws `CommandRefused`. */
export function readPlanArguments(argv: readonly string[]) {
  const { values, positionals } = readOptions(argv, { options, allowPositionals: true });
  const { topology, messages, markdown, json, ...others } = values;
  const [from, to, ...rest] = positionals.map(readLevel);
  if (from === undefined || to === undefined || rest.length > 0 || from === to)
    throw new CommandRefused('Name two levels, such as: npm run plan -- 1 2. Add --help for more.');
  if (topology !== undefined && topology !== 'single' && topology !== 'split')
    throw new CommandRefused(`"${topology}" is neither single nor split.`);
  if (!/^[1-9]\d{0,11}$/.test(messages))
    throw new CommandRefused(`--messages takes a whole number above 0, not "${messages}".`);
  if (markdown && json) throw new CommandRefused('Give --markdown or --json, not both.');
  return { from, to, topology, messages: Number(messages), ...others, markdown, json } as const;
}

function readLevel(given: string): Level {
  if (Object.hasOwn(levels, given)) return Number(given) as Level;
  throw new CommandRefused(`There is no level "${given}": choose of ${Object.keys(levels).join(', ')}.`);
}
