import type { Run } from '../../run-file/index.ts';
import { formatTable } from '../table.ts';

/** Where everything is, and what to try next. `notes` are sentences that come with it. */
export function describeRun({ level, ...run }: Run, notes: readonly string[] = []): string {
  const addresses = formatTable([
    ['service', run.service, `level ${level}; POST ${run.service}/files`],
    ['dashboard', run.dashboard, 'rows, faults and the ledger, for the commands below'],
    ['Service Bus', run.serviceBusAdmin, `administration; ${run.serviceBus}`],
    ['Application Insights', run.ingestion, ''],
    ['destination', run.destination, ''],
  ]);
  const next = formatTable([
    ['npm run send -- README.md docs', 'send files, and wait until each has reached its end'],
    ['npm run send -- --sample 200', 'the same with a sample of every kind of name, size and type'],
    ['npm run rows -- AppRequests', 'what Application Insights was told'],
    ['npm run fault -- destination down', 'break something; "ok" mends it'],
  ]);
  const remarks = notes.map((note) => `${note}\n`).join('');
  return `\nAzure on your machine\n${addresses}${remarks}\nTry, in another terminal:\n${next}\n`;
}
