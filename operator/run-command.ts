import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../src/config/faults.ts';
import { CommandRefused, exitCodes } from './command-refused.ts';
import { escapeControls } from './terminal.ts';

const root = join(import.meta.dirname, '..');

/**
 * Runs a command in this process, on this checkout, and sets the exit code. `--help` prints the command's text of
 * `operator/help`. `CommandRefused` and `ConfigError` end it with their sentences alone, any other error with its stack.
 */
export async function runCommand(
  name: string,
  run: (argv: readonly string[], root: string) => Promise<number>,
): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(readFileSync(join(root, 'operator/help', `${name}.txt`)));
    return;
  }
  try {
    process.exitCode = await run(argv, root);
  } catch (error) {
    const refused = error instanceof CommandRefused || error instanceof ConfigError;
    const text = error instanceof Error && !refused ? (error.stack ?? error.message) : (error as Error).message;
    for (const line of text.split('\n')) process.stderr.write(`${escapeControls(line)}\n`);
    process.exitCode = refused ? exitCodes.refused : exitCodes.finding;
  }
}
