import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type ExampleRequest, firstScript, scriptOf } from '../../tools/generate/example-request.ts';

const run = promisify(execFile);
const request = (change: Partial<ExampleRequest> = {}, body = '{"depot": "north"}'): ExampleRequest => ({
  path: '/parcels',
  headers: { 'content-type': 'application/json', 'Idempotency-Key': 'k-1' },
  open: async () => ({ bytes: body.length, content: Readable.from([Buffer.from(body)]) }),
  ...change,
});

/** Runs it as `az containerapp exec` does: split at blanks, no quote understood. The port is that of the test's service. */
async function inContainer(script: string, port: number): Promise<string> {
  const args = `-e ${script.replace('127.0.0.1:8080', `127.0.0.1:${port}`)}`.split(' ');
  return (await run(process.execPath, args)).stdout;
}

test('the script sends the request and prints the status, the answer and the id of its trace', async () => {
  const seen: { request: IncomingMessage; body: string }[] = [];
  const server = createServer(async (incoming, response) => {
    seen.push({ request: incoming, body: await text(incoming) });
    response.writeHead(202).end('{"parcelId":"p-1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const printed = await inContainer((await scriptOf(request())) ?? '', (server.address() as AddressInfo).port);
  server.close().closeAllConnections();
  const [{ request: sent, body } = {}] = seen;
  expect({ method: sent?.method, url: sent?.url, body }).toEqual({
    method: 'POST',
    url: '/parcels',
    body: '{"depot": "north"}',
  });
  const [, trace] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(`${sent?.headers.traceparent}`) ?? [];
  expect(printed).toBe(`202 {"parcelId":"p-1"} ${trace}\n`);
  expect(sent?.headers['content-type']).toBe('application/json');
  // With a key of its own every try after the first would be taken for a repeat.
  expect(sent?.headers).not.toHaveProperty('idempotency-key');
});

test('no shell and no batch file changes the script', async () => {
  expect(await scriptOf(request())).not.toMatch(/[\s"`$%\\!]/);
  const sentWith = (value: string) => scriptOf(request({ headers: { 'x-name': value } }));
  for (const value of ['two words', "it's", '%41', '$HOME', '"']) expect(await sentWith(value), value).toBeUndefined();
});

test('the example of a business is taken, else the first of its sample that is to be accepted', async () => {
  const refused = request({ path: '/refused', expectedStatus: 400 });
  const message = request();
  delete message.path;
  const large = request({ path: '/large' }, 'x'.repeat(1025));
  const sample = () => [refused, message, large, request({ path: '/taken', expectedStatus: 202 })];
  expect(await firstScript([{}, { requests: { sample } }])).toContain('8080/taken');
  expect(await firstScript([{ requests: { sample, example: request({ path: '/example' }) } }])).toContain(
    '8080/example',
  );
  expect(await firstScript([{ requests: { sample: () => [refused] } }])).toBe('');
});
