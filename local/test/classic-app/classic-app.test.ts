import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
/** Nothing listens there: the app runs all the same. */
const connectionString =
  'InstrumentationKey=00000000-0000-4000-8000-000000000000;IngestionEndpoint=https://127.0.0.1:9/;LiveEndpoint=https://127.0.0.1:9/';
const own = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8');
const calls = (text: string) =>
  [...text.matchAll(/client\.track\w+\([^;]+;/g)].map(([call]) => call.replaceAll(/\s/g, ''));

test('the classic app runs by itself', async () => {
  const child: ChildProcess = fork(join(import.meta.dirname, 'app.cjs'), {
    stdio: 'ignore',
    env: { ...process.env, PORT: '0', APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString },
  });
  onTestFinished(() => void child.kill());
  const [port] = await once(child, 'message');
  const answer = await fetch(`http://127.0.0.1:${port}/quotes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ item: 'chair', quantity: 2 }),
  });
  expect(await answer.json()).toEqual({ price: 6 });
});

test('its calls stand unchanged in the routes that the service runs', () => {
  expect(calls(own('app.cjs'))).toHaveLength(5);
  expect(calls(own('quote-routes.ts'))).toEqual(calls(own('app.cjs')));
});

test('the guide shows the routes that the service runs', () => {
  const guide = readFileSync(join(root, 'docs/guides/from-a-classic-app.md'), 'utf8');
  expect(guide).toContain(`\`\`\`ts src/business/quotes/quote-routes.ts\n${own('quote-routes.ts')}\`\`\`\n`);
});
