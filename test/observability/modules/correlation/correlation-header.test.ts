import { createServer, get, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Context, context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendCorrelationHeader } from '../../../../src/observability/modules/correlation/correlation-header.ts';
import { withStory } from '../../../../src/observability/modules/correlation/story.ts';

let server: Server;
let url: string;
let end: () => void;
const received: IncomingHttpHeaders[] = [];

beforeAll(async () => {
  new NodeTracerProvider().register();
  end = sendCorrelationHeader('X-Correlation-Id');
  server = createServer((request, response) => {
    received.push(request.headers);
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  end();
  server.close();
  context.disable();
});

type Headers = Record<string, string>;
const byFetch = async (headers: Headers) => void (await fetch(url, { headers }));
const byHttp = (headers: Headers) =>
  new Promise<void>((done) => get(url, { headers }, (response) => response.resume().on('end', done)));
const byHttpList = (headers: Headers) =>
  new Promise<void>((done) =>
    get(url, { headers: ['host', '127.0.0.1', ...Object.entries(headers).flat()] }, (response) =>
      response.resume().on('end', done),
    ),
  );

const story = withStory(ROOT_CONTEXT, { correlationId: 'order:1' });
const idIn = async (active: Context, call: () => Promise<void>) => {
  received.length = 0;
  await context.with(active, call);
  expect(received).toHaveLength(1);
  return received[0]?.['x-correlation-id'];
};

describe.each([
  ['fetch', byFetch],
  ['node:http', byHttp],
])('a call by %s', (_, call) => {
  test('carries the id of the story', async () => {
    expect(await idIn(story, () => call({}))).toBe('order:1');
  });

  test('keeps the id that its caller chose', async () => {
    expect(await idIn(story, () => call({ 'X-CORRELATION-ID': 'mine' }))).toBe('mine');
  });

  test('outside of any story carries none', async () => {
    expect(await idIn(ROOT_CONTEXT, () => call({}))).toBeUndefined();
  });

  test('that telemetry makes for itself carries none', async () => {
    expect(await idIn(suppressTracing(story), () => call({}))).toBeUndefined();
  });
});

test('headers that were written as a list are left alone, and nothing fails', async () => {
  expect(await idIn(story, () => byHttpList({ a: 'b' }))).toBeUndefined();
});
