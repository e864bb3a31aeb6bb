import { pipeline } from 'node:stream/promises';
import { exitCodes, runCommand, UsageError } from './command.ts';
import { createControlClient } from './control-client.ts';
import { requireRun } from './require-run.ts';

const help = `npm run rows -- <table> [--operation <id>]

Prints the rows that the local Application Insights holds, oldest first, one JSON object a line.
A table that does not exist is answered with the list.

  npm run rows -- AppRequests
  npm run rows -- AppTraces --operation 4bf92f3577b34da6a3ce929d0e0e4736

  --operation <id>   only the rows of one operation (trace)
  --run <file>       the run to talk to, instead of this checkout's
`;

const options = { operation: { type: 'string' }, run: { type: 'string' }, json: { type: 'boolean' } } as const;

await runCommand({ help, options, allowPositionals: true }, async ({ positionals, values }) => {
  const [table, ...rest] = positionals;
  if (table === undefined || rest.length > 0)
    throw new UsageError('Name one table, such as AppRequests. Add --help for more.');
  const control = createControlClient(await requireRun({ file: values.run }));
  try {
    const query = values.operation === undefined ? '' : `?${new URLSearchParams({ operation: values.operation })}`;
    const lines = await control.stream(`/api/rows/${encodeURIComponent(table)}${query}`);
    await pipeline(lines, process.stdout, { end: false });
    return exitCodes.done;
  } finally {
    control.close();
  }
});
