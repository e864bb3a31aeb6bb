import { defineCommand, exitCodes, runProcess, UsageError } from './command.ts';
import { createControlClient } from './control-client.ts';
import { describeState } from './fault/describe-state.ts';
import { requireRun } from './require-run.ts';

const help = `npm run fault -- <destination|ingestion|service-bus> [mode] [option=value ...]

Tells a stand-in how to behave, and prints its new state: at a terminal as a table, elsewhere and with --json as one line of
JSON. Without a mode: prints its state. Every stand-in knows ok, down, slow and flaky; a mode that does not exist is answered
with the list.

  npm run fault -- destination down
  npm run fault -- destination slow ms=5000
  npm run fault -- service-bus ok

  --json         one line of JSON at a terminal too
  --run <file>   the run to talk to, instead of this checkout's
`;

const readValue = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

function readOptions(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`"${pair}" is no option: write it as name=value, such as ms=5000.`);
      return [pair.slice(0, at), readValue(pair.slice(at + 1))];
    }),
  );
}

const options = { run: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `npm run fault` */
export const fault = defineCommand({ help, options, allowPositionals: true }, async ({ positionals, values }, host) => {
  const [standIn, mode, ...pairs] = positionals;
  if (standIn === undefined)
    throw new UsageError('Say which: destination, ingestion or service-bus. Add --help for more.');
  const modeOptions = readOptions(pairs);
  const control = createControlClient(await requireRun({ file: values.run }));
  try {
    const path = `/api/faults/${encodeURIComponent(standIn)}`;
    const state = await (mode === undefined ? control.get(path) : control.send('PUT', path, { ...modeOptions, mode }));
    const asTable = host.stdout.isTTY && !values.json;
    host.stdout.write(asTable ? describeState(standIn, state as object) : `${JSON.stringify(state)}\n`);
    return exitCodes.done;
  } finally {
    control.close();
  }
});

if (import.meta.main) await runProcess(fault);
