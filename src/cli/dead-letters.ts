import { enableCompileCache } from 'node:module';
import { readCommandSettings } from '../config/command-settings.ts';
import { ConfigError } from '../config/faults.ts';
import { help } from './dead-letters/help.ts';
import { runDeadLetters } from './dead-letters/run.ts';
import { openTerminal } from './terminal.ts';
import { exitCodes, UsageError } from './usage-error.ts';

enableCompileCache(); // telemetry, imported on demand, is most of what there is to compile

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
    const loadBusinesses = async () => (await import('../business/index.ts')).businesses;
    return await runDeadLetters(argv, {
      terminal,
      settings,
      loadBusinesses,
      interruption: () => interruption(terminal.tell),
    });
  } catch (error) {
    const told = error instanceof UsageError || error instanceof ConfigError;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${told ? error.message : text}\n`);
    return told ? exitCodes.usage : exitCodes.finding;
  }
}

/** From now on a first signal asks to end; the second one ends the process, as without us. */
function interruption(tell: (line: string) => void): AbortSignal {
  const asked = new AbortController();
  const ask = () => {
    if (!asked.signal.aborted) tell('Ends after what is in hand. Once more ends at once.');
    asked.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, ask);
  return asked.signal;
}
