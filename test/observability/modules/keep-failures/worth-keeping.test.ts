import { SpanKind } from '@opentelemetry/api';
import { expect, onTestFinished, test } from 'vitest';
import { holdBackSpans, traceId } from './held-back.fixture.ts';

const left = traceId({ chosen: false });

test.each([
  [200, '/orders/:id', false],
  [302, '/orders/:id', false],
  [400, '/orders/:id', true],
  [404, '/orders/:id', true],
  [499, '/orders/:id', true],
  [404, '(no route)', false],
  [405, '(no route)', false],
  [401, '/orders/:id', false],
  [403, '/orders/:id', false],
  [429, '/orders/:id', false],
])('an answer with %i of %s is kept whatever the sampler says: %s', (status, route, isKept) => {
  const { start, exported } = holdBackSpans({ onTestFinished });
  const attributes = { 'http.response.status_code': status, 'http.route': route };
  start('call', left, { kind: SpanKind.CLIENT, ...attributes }).end();
  expect(exported()).toEqual([]);
  start('request', left, attributes).end();
  expect(exported()).toHaveLength(isKept ? 1 : 0);
});

const ago = (seconds: number) => Math.floor(Date.now() / 1_000) - seconds;

test.each([
  ['accepted half a minute ago', { 'messaging.servicebus.message.enqueued_time': ago(30) }, false],
  ['accepted more than a minute ago', { 'messaging.servicebus.message.enqueued_time': ago(62) }, true],
  [
    'copied, whose first was accepted more than a minute ago',
    { 'messaging.servicebus.message.enqueued_time': ago(5), 'message.first_enqueued_time': ago(62) },
    true,
  ],
  ['of unknown age', {}, false],
])('a message that is settled now and was %s is late: %s', (_, attributes, isKept) => {
  const { start, exported } = holdBackSpans({ onTestFinished });
  const delivery = start('process', left, { kind: SpanKind.CONSUMER, startTime: Date.now() - 1_000, ...attributes });
  start('call', delivery, { kind: SpanKind.CLIENT }).end();
  delivery.end();
  expect(exported()).toHaveLength(isKept ? 2 : 0);
});
