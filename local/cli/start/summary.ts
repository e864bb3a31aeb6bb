import type { Run } from '../../run-file/index.ts';
import { formatTable } from '../table.ts';
import { queuesFile } from './queues-file.ts';

/** Where everything is, and what to try next. `notes` are sentences that come with it. */
export function describeRun({ level, ...run }: Run, notes: readonly string[] = []): string {
  const addresses = formatTable([
    ['page', run.dashboard, 'what Azure will see of the service: open it in a browser'],
    ['service', run.service, `level ${level}`],
    run.serviceBusAdmin
      ? ['Service Bus', run.serviceBusAdmin, `administration; ${run.serviceBus}`]
      : ['Service Bus', 'none', `${queuesFile} names no queue and no topic`],
    ['Application Insights', run.ingestion, ''],
    ...(run.securityLogs
      ? [['Logs Ingestion', run.securityLogs.endpoint, 'for security events, from level 5 on']]
      : []),
    ['destination', run.destination, 'the systems that the business calls'],
  ]);
  const next = formatTable([
    ['npm run send -- --sample 200', 'send requests of a business, and wait until each has reached its end'],
    ['npm run rows -- AppRequests', 'what Application Insights was told'],
    ['npm run trace -- <id>', 'the way of one request or message, by an id from the log'],
    ['npm run fault -- destination down', 'break something; "ok" mends it'],
  ]);
  const remarks = notes.map((note) => `${note}\n`).join('');
  return `\nAzure on your machine\n${addresses}${remarks}\nTry, in another terminal:\n${next}\n`;
}
