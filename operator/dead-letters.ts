import { enableCompileCache } from 'node:module';
import { ConfigError } from '../src/config/faults.ts';
import { CommandRefused, exitCodes } from './command-refused.ts';
import { readCommandSettings } from './command-settings.ts';
import { help } from './dead-letters/help.ts';
import { runDeadLetters } from './dead-letters/run-dead-letters.ts';
import { escapeControls, openTerminal } from './terminal.ts';

enableCompileCache(); // most of the code to compile is telemetry, which is imported on demand

const argv = process.argv.slice(2);

if (argv.includes('--help') || argv.includes('-h')) {
  process.stdout.write(help);
} else {
  process.exitCode = await main();
}

async function main(): Promise<number> {
  try {
    const settings = readCommandSettings();
    const terminal = openTerminal(settings);
    return await runDeadLetters(argv, { terminal, settings, interruption: () => interruption(terminal.tell) });
  } catch (error) {
    const refused = error instanceof CommandRefused || error instanceof ConfigError;
    const text = error instanceof Error && !refused ? (error.stack ?? error.message) : (error as Error).message;
    for (const line of text.split('\n')) process.stderr.write(`${escapeControls(line)}\n`);
    return refused ? exitCodes.refused : exitCodes.finding;
  }
}

/** After this call the first signal aborts the returned signal; a second one ends the process at once. */
function interruption(tell: (line: string) => void): AbortSignal {
  const asked = new AbortController();
  const ask = () => {
    if (!asked.signal.aborted) tell('Ends after the messages in progress. A second signal ends it at once.');
    asked.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, ask);
  return asked.signal;
}
