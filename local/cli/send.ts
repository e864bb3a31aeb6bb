import { runCommand, UsageError } from './command.ts';
import { requireRun } from './require-run.ts';

const help = `npm run send -- <files or folders> | --sample <n>

Sends files to the running service and waits until every accepted one is delivered or dead-lettered, as the destination
and the dead-letter queue themselves say.

  npm run send -- docs README.md
  npm run send -- --sample 2000

  --sample <n>       a seeded sample of n files: names in many scripts, all sizes, hostile names; each answer is checked
  --seed <n>         another sample (default 1)
  --timeout <s>      how long to wait for a service that accepts nothing, and then for the last files to reach their end
                     (default 120); what has not reached its end by then is lost
  --concurrency <n>  files on their way to the service at once (default 16)
  --json             one line of JSON on standard output, the table on standard error
  --run <file>       the run to talk to, instead of this checkout's

503, 429 and a broken connection are tried again, honouring Retry-After; every other answer is final.
Exit code 0: every accepted file has reached its end. 1: a file was lost, failed, or got an answer that the sample does
not expect. 2: wrong usage, or nothing is running.
`;

function readNumber(name: string, text: string, lowest: number, highest: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= lowest && number <= highest) return number;
  throw new UsageError(`--${name} takes a whole number from ${lowest} to ${highest}, not "${text}".`);
}

const options = {
  sample: { type: 'string' },
  seed: { type: 'string', default: '1' },
  timeout: { type: 'string', default: '120' },
  concurrency: { type: 'string', default: '16' },
  json: { type: 'boolean', default: false },
  run: { type: 'string' },
} as const;

await runCommand({ help, options, allowPositionals: true }, async ({ positionals, values }) => {
  if ((values.sample === undefined) === (positionals.length === 0)) {
    throw new UsageError('Name files or folders, or use --sample <n>; not both. Add --help for more.');
  }
  const request = {
    paths: positionals,
    sample: values.sample === undefined ? undefined : readNumber('sample', values.sample, 1, 1_000_000),
    seed: readNumber('seed', values.seed, 0, 2 ** 31),
    timeoutMs: readNumber('timeout', values.timeout, 1, 86_400) * 1000,
    concurrency: readNumber('concurrency', values.concurrency, 1, 256),
    json: values.json,
  };
  const run = await requireRun({ file: values.run });
  const { send } = await import('./send/send.ts'); // brings the Service Bus SDK, which --help must not wait for
  return send(request, run);
});
