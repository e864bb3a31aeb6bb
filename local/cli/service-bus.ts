import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes, runCommand, UsageError } from './command.ts';

const help = `npm run service-bus -- [--port n] [--queues file]

Runs the Service Bus test double alone, with the entities of infra/queues.json, and prints one line of JSON:
{"connectionString":"...","adminUrl":"..."}. It ends when its standard input closes, and on SIGINT or SIGTERM.

  npm run service-bus -- --port 5672

  --port <n>        AMQP port on 127.0.0.1; the system picks one when left out
  --queues <file>   another file of that shape, instead of infra/queues.json
`;

const options = {
  port: { type: 'string', default: '0' },
  queues: { type: 'string' },
  json: { type: 'boolean' },
} as const;

await runCommand({ help, options }, async ({ values }) => {
  const port = readPort(values.port);
  // Only now, so that wrong usage and --help are answered at once.
  const { startServiceBus } = await import('../service-bus/index.ts');
  const entities = await readEntities(values.queues ?? join(import.meta.dirname, '..', '..', 'infra', 'queues.json'));
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const serviceBus = await startServiceBus({ port, entities, log }).catch((cause: Error) => {
    throw new UsageError(cause.message, { cause });
  });
  const { connectionString, adminUrl } = serviceBus;
  const end = toldToEnd();
  process.stdout.write(`${JSON.stringify({ connectionString, adminUrl })}\n`);
  await end;
  await serviceBus.stop();
  process.stdin.destroy();
  return exitCodes.done;
});

async function readEntities(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`"${text}" is no port: give a number from 0 to 65535.`);
}

/** A parent that is gone closes our standard input, even when it was killed. */
async function toldToEnd(): Promise<void> {
  process.stdin.resume();
  const input = ['end', 'close'].map((event) => once(process.stdin, event).catch(() => undefined));
  await Promise.race([...input, once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}
