import { httpTable, startupTable, unheardTable } from '../bench/bench-report.ts';
import { measureHttp } from '../bench/http.ts';
import { installPeers } from '../bench/peers.ts';
import { startSink } from '../bench/sink.ts';
import { measureStartup } from '../bench/startup.ts';
import { measureUnheard } from '../bench/unheard-events.ts';
import { exitCodes, runCommand, UsageError } from './command.ts';
import { formatTable } from './table.ts';

const help = `npm run bench -- http | startup | events [--rounds 3] [--seconds 6] [--json]

What observing costs, beside plain Express and Microsoft's distribution, measured in one run.
  http      CPU a request by the process's own accounting, requests a second, p50, p99, memory
  startup   time to listening, memory at that moment
  events    announcing an event while no module listens, and what is kept of it
  --rounds  how often each is measured; the medians are printed
  --seconds how long the load lasts each time
  --json    one line on standard output
`;

const wholeNumber = (text: string, name: string): number => {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} takes a whole number from 1 to 9999, not ${JSON.stringify(text)}.`);
};

await runCommand(
  {
    help,
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '6' },
      json: { type: 'boolean', default: false },
    },
  },
  async ({ values, positionals }) => {
    const [rounds, seconds] = [wholeNumber(values.rounds, 'rounds'), wholeNumber(values.seconds, 'seconds')];
    const unknown = positionals.filter((name) => !['http', 'startup', 'events'].includes(name));
    if (positionals.length === 0 || unknown.length > 0) {
      throw new UsageError('Say what to measure: npm run bench -- http startup');
    }
    const told = (line: string) => process.stderr.write(`${line}\n`);
    const peers = positionals.some((name) => name !== 'events') ? installPeers() : { versions: {} };
    if ('missing' in peers) {
      told(`not measured: the peers cannot be installed (${peers.missing})`);
      return exitCodes.finding;
    }
    const { versions } = peers;
    const sink = await startSink();
    try {
      const http = positionals.includes('http') && (await measureHttp({ sink: sink.url, rounds, seconds, told }));
      const startup = positionals.includes('startup') && (await measureStartup({ sink: sink.url, rounds, told }));
      const events = positionals.includes('events') && measureUnheard();
      if (values.json) {
        const result = {
          node: process.version,
          versions,
          rounds,
          seconds,
          ...(http && { http }),
          ...(startup && { startup }),
          ...(events && { events }),
        };
        process.stdout.write(`${JSON.stringify(result)}\n`);
        return exitCodes.done;
      }
      process.stdout.write(
        `${[['Node', process.version], ...Object.entries(versions)].map((pair) => pair.join(' ')).join(', ')}\n`,
      );
      for (const table of [http && httpTable(http), startup && startupTable(startup), events && unheardTable(events)]) {
        if (table) process.stdout.write(`\n${formatTable(table)}`);
      }
      return exitCodes.done;
    } finally {
      await sink.stop();
    }
  },
);
