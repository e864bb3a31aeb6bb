import { localBusinesses } from '../business/index.ts';
import { defineCommand, runProcess, UsageError } from './command.ts';
import { requireRun } from './require-run.ts';
import { chooseBusiness } from './send/choose-business.ts';

const help = `npm run send -- <files or folders> | --sample <n> [--url <address>]

Sends requests to the running service and waits until every accepted one has reached its end, as the destinations and the
dead-letter queue themselves say. local/business/index.ts lists what each business sends.

  npm run send -- docs README.md
  npm run send -- --sample 2000
  npm run send -- --sample 1 --url https://orders.example.com

  --sample <n>       n requests that the business makes, of which it may know the answers
  --seed <n>         another sample (default 1)
  --business <name>  whose requests; without it those of the first business that has any
  --timeout <s>      how long to wait for a service that accepts nothing, and then for the last ones to reach their end
                     (default 120); what has not reached its end by then is lost
  --concurrency <n>  requests on their way to the service at once (default 16)
  --json             one line of JSON on standard output, the table on standard error
  --run <file>       the run to talk to, instead of this checkout's
  --url <address>    a service elsewhere instead of a run: only its answers are counted, accepted or refused, because nothing
                     here sees how an accepted request ends. Where it asks for a token, set SEND_TOKEN

503, 429 and a broken connection are tried again, honouring Retry-After; every other answer is final.
Exit code 0: every accepted request has reached its end; with --url, every answer was expected and one was 2xx. 1: one was
lost, failed, or got an answer that was not expected, or the service accepted none. 2: wrong usage, or nothing is running.
`;

function readNumber(name: string, text: string, lowest: number, highest: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= lowest && number <= highest) return number;
  throw new UsageError(`--${name} takes a whole number from ${lowest} to ${highest}, not "${text}".`);
}

const options = {
  sample: { type: 'string' },
  seed: { type: 'string', default: '1' },
  business: { type: 'string' },
  timeout: { type: 'string', default: '120' },
  concurrency: { type: 'string', default: '16' },
  json: { type: 'boolean', default: false },
  run: { type: 'string' },
  url: { type: 'string' },
} as const;

/** `npm run send` */
export const send = defineCommand(
  { help, options, allowPositionals: true },
  async ({ positionals, values }, { env }) => {
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
    const chosen = chooseBusiness(localBusinesses, { name: values.business, sample: request.sample });
    if (values.url !== undefined) {
      if (values.run !== undefined) throw new UsageError('Use --url or --run, not both.');
      const { readServiceUrl, sendToUrl } = await import('./send/send-to-url.ts');
      return sendToUrl(request, chosen, readServiceUrl(values.url), env.SEND_TOKEN);
    }
    const run = await requireRun({ file: values.run });
    const { send: carryOut } = await import('./send/carry-out-send.ts'); // brings the Service Bus SDK, which --help must not wait for
    return carryOut(request, chosen, run);
  },
);

if (import.meta.main) await runProcess(send);
