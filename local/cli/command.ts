import { type ParseArgsConfig, parseArgs } from 'node:util';
import { exitCodes, UsageError } from './usage-error.ts';

export { exitCodes, UsageError };

export type Output = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/** What a command is run with: a process, or a test that needs none. */
export interface Host {
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  stdout: Output;
  stderr: Output;
  /** What is piped in, for the commands that read it. */
  stdin?: NodeJS.ReadableStream & { isTTY?: boolean };
}

/** Runs to its end and answers the exit code; never throws. */
export type Command = (host: Host) => Promise<number>;

/** A command: `--help` answers `help` with nothing running; what `main` answers is the exit code. */
export function defineCommand<Config extends ParseArgsConfig>(
  { help, ...config }: Config & { help: string },
  main: (parsed: ReturnType<typeof parseArgs<Config>>, host: Host) => Promise<number>,
): Command {
  return async (host) => {
    try {
      if (host.args.some((argument) => argument === '--help' || argument === '-h')) {
        host.stdout.write(help);
        return exitCodes.done;
      }
      // `help` is all that was taken out, and `args` change no type.
      const options = { ...config, args: [...host.args] } as unknown as Config;
      return await main(readArguments(options), host);
    } catch (error) {
      host.stderr.write(`${error instanceof UsageError ? error.message : describe(error)}\n`);
      return error instanceof UsageError ? exitCodes.usage : exitCodes.finding;
    }
  };
}

/**
 * Runs a command as this process. A reader that closes the pipe early (`| head`) has what it wanted, so that ends the
 * command in peace.
 */
export async function runProcess(command: Command, args: readonly string[] = process.argv.slice(2)): Promise<void> {
  const { env, stdin, stdout, stderr } = process;
  stdout.on('error', endQuietly);
  stderr.on('error', endQuietly);
  process.exitCode = await command({ args, env, stdin, stdout, stderr });
}

/** Defines a command and runs it as this process. */
export const runCommand = <Config extends ParseArgsConfig>(
  config: Config & { help: string },
  main: (parsed: ReturnType<typeof parseArgs<Config>>, host: Host) => Promise<number>,
): Promise<void> => runProcess(defineCommand(config, main));

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
