import { runCommand } from './command.ts';
import { checkout } from './require-run.ts';

const help = `npm start

Runs Azure on this machine (Service Bus, Application Insights, the systems that your business calls) and the service on it,
with no Docker and no subscription. local/business/index.ts says what the business is given. The service starts anew when
observability.json or a file in src changes; what waits in the queues and what was recorded stays. Ctrl-C stops everything.

Ports 3000 (service) and 4600 (dashboard), or free ones. The addresses are in .local/run.json, where the other commands
find them. A second start in the same checkout tells them and ends.
`;

await runCommand({ help, options: {} }, async () => {
  // Whoever read the first lines may be gone (`| head`, a closed terminal): that must not end what runs.
  for (const stream of [process.stdout, process.stderr])
    stream.removeAllListeners('error').on('error', () => undefined);
  const { startLocal } = await import('./start/start-local.ts'); // brings the stand-ins, which --help must not wait for
  const code = await startLocal({ root: checkout });
  // Nothing is left that anybody waits for; a forgotten timer must not keep the prompt from coming back.
  setTimeout(() => process.exit(code), 1_000).unref();
  return code;
});
