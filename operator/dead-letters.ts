import { enableCompileCache } from 'node:module';
import { readCommandSettings } from './command-settings.ts';
import { runDeadLetters } from './dead-letters/run-dead-letters.ts';
import { runCommand } from './run-command.ts';
import { openTerminal } from './terminal.ts';

enableCompileCache(); // most of the code to compile is telemetry, which is imported on demand

await runCommand('dead-letters', (argv) => {
  const settings = readCommandSettings();
  const terminal = openTerminal(settings);
  return runDeadLetters(argv, { terminal, settings, interruption: () => interruption(terminal.tell) });
});

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
