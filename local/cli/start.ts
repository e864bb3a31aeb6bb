import { defineCommand, runProcess } from './command.ts';
import { isForEyes } from './for-eyes.ts';
import { checkout } from './require-run.ts';
import { inspectPort, withInspectValue } from './start/debugging.ts';

const help = `npm start [-- --open] [--inspect[=port]] [--alerts-webhook <url>]

Runs Azure on this machine (Service Bus, Application Insights, the systems that your business calls) and the service on it,
with no Docker and no subscription. local/business/index.ts says what the business is given. The service starts anew when
observability.json, infra/queues.json, .env or a file in src changes; what waits in the queues and what was recorded stays.
Ctrl-C stops everything. What was recorded is in .local/telemetry and there again at the next start.

At a terminal the log is shown for eyes: one line an event, a failure that repeats itself once with a count, and one line a
request, a few seconds after it. Elsewhere, and where CI or NO_COLOR is set, it is the service's own JSON lines.

  --open                  opens the page in the browser once the service is ready
  --inspect[=port]        the service may be debugged on 127.0.0.1 (9229 when left out)
  --alerts-webhook <url>  gets each alert that fires or is resolved, in Azure's common alert schema; a URL of this machine

The alert rules of the present level are evaluated each minute; one that fires is a line here.

Variables in .env go to the service; what the shell or this command sets wins, and what is ignored is told.
Ports 3000 (service) and 4600 (page), or free ones. The addresses are in .local/run.json, where the other commands
find them. A second start in the same checkout tells them and ends.
`;

/** `npm start` */
export const start = defineCommand(
  {
    help,
    options: {
      open: { type: 'boolean', default: false },
      inspect: { type: 'string' },
      'alerts-webhook': { type: 'string' },
    },
  },
  async ({ values }, { stdout, env }) => {
    const inspect = inspectPort(values.inspect);
    // Whoever read the first lines may be gone (`| head`, a closed terminal): that must not end what runs.
    for (const stream of [process.stdout, process.stderr])
      stream.removeAllListeners('error').on('error', () => undefined);
    // They bring the stand-ins, which --help must not wait for.
    const { startLocal } = await import('./start/start-local.ts');
    const { webhookValue } = await import('./start/checkout-alerts.ts');
    const code = await startLocal({
      root: checkout,
      inspect,
      open: values.open,
      forEyes: isForEyes(stdout, env),
      alertsWebhook: webhookValue(values['alerts-webhook']),
    });
    // Nothing is left that anybody waits for; a forgotten timer must not keep the prompt from coming back.
    setTimeout(() => process.exit(code), 1_000).unref();
    return code;
  },
);

if (import.meta.main) await runProcess(start, withInspectValue(process.argv.slice(2)));
