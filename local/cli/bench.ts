import { benches, type Measured } from '../bench/benches.ts';
import { installPeers } from '../bench/peers.ts';
import { exitCodes, runCommand, UsageError } from './command.ts';
import { formatTable } from './table.ts';

const help = `npm run bench -- http | startup | events | volume | ingestion | sampling | kql | page [--rounds 3] [--seconds 6] [--json]

What observing costs, beside plain Express and Microsoft's distribution, measured in one run.
  http       CPU a request by the process's own accounting, requests a second, p50, p99, memory
  startup    time to listening, memory at that moment
  events     announcing an event while no module listens, and what is kept of it
  volume     bytes and rows of telemetry a message, by table, of the whole service at each level, and with the distribution
             in place of our modules: messages of the business's sample, of which some fail for a while and some for good
  sampling   whether the rows at 5 percent say how many requests were sent, and how many failed: over HTTP, at level 3
  ingestion  a million rows over HTTP to npm start, tables in a file: whether all are found, memory of its process, time
  kql        ten queries as alert rules ask them, beside the same in hand-written SQL on the same tables
  page       with a million rows in the tables, the time to first paint and to the data of each page, in a Chrome, Chromium or Edge
  --rounds   how often http, startup and page are measured; the medians are printed
  --seconds  how long the load of http lasts each time
  --messages how many messages volume is measured with (default 300)
  --requests how many requests sampling is measured with (default 200000, which takes some minutes)
  --rows     how many rows ingestion and page send and kql asks (default 1000000)
  --record   writes the volume of each level to docs/ladder-volume.json, which docs/ladder.md shows
  --json     one line on standard output

Exit code 1: a promise that was measured does not hold; the table says which.
`;

const wholeNumber = (text: string, name: string, most = 9_999): number => {
  if (/^[1-9]\d{0,6}$/.test(text) && Number(text) <= most) return Number(text);
  throw new UsageError(`--${name} takes a whole number from 1 to ${most}, not ${JSON.stringify(text)}.`);
};

await runCommand(
  {
    help,
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '6' },
      messages: { type: 'string', default: '300' },
      requests: { type: 'string', default: '200000' },
      rows: { type: 'string', default: '1000000' },
      record: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  },
  async ({ values, positionals }) => {
    const [rounds, seconds] = [wholeNumber(values.rounds, 'rounds'), wholeNumber(values.seconds, 'seconds')];
    const messages = wholeNumber(values.messages, 'messages');
    const requests = wholeNumber(values.requests, 'requests', 1_000_000);
    const rows = wholeNumber(values.rows, 'rows', 9_999_999);
    const wanted = Object.entries(benches).filter(([name]) => positionals.includes(name));
    if (positionals.length === 0 || positionals.some((name) => !(name in benches))) {
      throw new UsageError(`Say what to measure, of ${Object.keys(benches).join(', ')}: npm run bench -- http startup`);
    }
    const told = (line: string) => process.stderr.write(`${line}\n`);
    const peers = wanted.some(([, { needsPeers }]) => needsPeers) ? installPeers() : { versions: {} };
    if ('missing' in peers) {
      told(`not measured: the peers cannot be installed (${peers.missing})`);
      return exitCodes.finding;
    }
    const { versions } = peers;
    const measured: [name: string, Measured][] = [];
    for (const [name, { measure }] of wanted) {
      measured.push([name, await measure({ rounds, seconds, messages, requests, rows, record: values.record, told })]);
    }
    if (values.json) {
      const results = Object.fromEntries(measured.map(([name, { result }]) => [name, result]));
      process.stdout.write(`${JSON.stringify({ node: process.version, versions, rounds, seconds, ...results })}\n`);
    } else {
      const named = Object.entries({ Node: process.version, ...versions });
      process.stdout.write(`${named.map((pair) => pair.join(' ')).join(', ')}\n`);
      for (const [, { tables, note }] of measured) {
        for (const table of tables) process.stdout.write(`\n${formatTable(table)}`);
        if (note) process.stdout.write(`\n${note}\n`);
      }
    }
    return measured.some(([, { broken }]) => broken) ? exitCodes.finding : exitCodes.done;
  },
);
