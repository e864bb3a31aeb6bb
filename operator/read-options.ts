import { type ParseArgsConfig, parseArgs } from 'node:util';
import { CommandRefused } from './command-refused.ts';

/** Reads a command line. Throws `CommandRefused` with a sentence that says what to do. */
export function readOptions<C extends ParseArgsConfig>(argv: readonly string[], config: C) {
  try {
    return parseArgs<C & { args: string[] }>({ ...config, args: [...argv] });
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ');
    throw new CommandRefused(`${sentence}. Add --help to see what is allowed.`, { cause: error });
  }
}
