import { ConfigError } from '../src/config/faults.ts';
import { CommandRefused, exitCodes } from './command-refused.ts';
import { escapeControls } from './terminal.ts';

/**
 * Runs the command of this process and sets its exit code. `--help` prints the help. `CommandRefused` and `ConfigError`
 * end it with their sentences alone, any other error with its stack.
 */
export async function runCommand(help: string, run: (argv: readonly string[]) => Promise<number>): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(help);
    return;
  }
  try {
    process.exitCode = await run(argv);
  } catch (error) {
    const refused = error instanceof CommandRefused || error instanceof ConfigError;
    const text = error instanceof Error && !refused ? (error.stack ?? error.message) : (error as Error).message;
    for (const line of text.split('\n')) process.stderr.write(`${escapeControls(line)}\n`);
    process.exitCode = refused ? exitCodes.refused : exitCodes.finding;
  }
}
