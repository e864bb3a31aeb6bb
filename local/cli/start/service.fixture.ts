// A service for the tests of `npm start`: quick to start, and it tells on standard output what it is told.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { behaviour } = JSON.parse(readFileSync('src/behaviour.json', 'utf8')) as { behaviour: string };
const say = (text: string) => process.stdout.write(`service ${process.pid} ${text}\n`);
const log = (message: string) => {
  const line = { time: new Date(), severity: 'info', message, terminal: process.stdout.isTTY === true };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

if (behaviour === 'fail at level 3' && process.env.OBSERVABILITY_LEVEL === '3') {
  process.stderr.write('observability.json cannot be used: slo.latencyMs is no whole number\n');
  process.exit(1);
}

if (behaviour === 'fail') {
  process.stderr.write('the rules are broken\n');
  process.exit(1);
}

const server = createServer((request, response) => {
  if (request.url === '/crash') process.exit(3);
  response.statusCode = request.url === '/parcels' ? 400 : 200;
  if (request.url === '/env') response.end(JSON.stringify(process.env));
  else response.end();
}).listen(Number(process.env.PORT), process.env.HOST, () => {
  say('listens');
  log('listening');
});

const end = (why: string) => {
  say(`told ${why}`);
  if (behaviour === 'stubborn') return;
  server.closeAllConnections();
  server.close();
  if (process.connected) process.disconnect();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
process.on('disconnect', () => {
  if (behaviour !== 'stubborn') process.exit();
});
