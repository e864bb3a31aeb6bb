import { type ParseArgsConfig, parseArgs } from 'node:util';
import { exitCodes, UsageError } from './usage-error.ts';

export { exitCodes, UsageError };

/**
 * Runs a command: `--help` answers `help` with nothing running; what `main` answers is the exit code. A reader that
 * closes the pipe early (`| head`) has what it wanted, so that ends the command in peace.
 */
export async function runCommand<Config extends ParseArgsConfig>(
  { help, ...config }: Config & { help: string },
  main: (parsed: ReturnType<typeof parseArgs<Config>>) => Promise<number>,
): Promise<void> {
  process.stdout.on('error', endQuietly);
  process.stderr.on('error', endQuietly);
  try {
    if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
      process.stdout.write(help);
      return;
    }
    process.exitCode = await main(readArguments(config as unknown as Config)); // `help` is all that was taken out
  } catch (error) {
    process.exitCode = error instanceof UsageError ? exitCodes.usage : exitCodes.finding;
    process.stderr.write(`${error instanceof UsageError ? error.message : describe(error)}\n`);
  }
}

function readArguments<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ');
    throw new UsageError(`${sentence}. Add --help to see what is allowed.`, { cause: error });
  }
}

const describe = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  throw error;
}
