import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Row } from '../../../application-insights/index.ts';
import { clockTime, inColour } from '../../for-eyes.ts';
import { openTerminal, type Terminal } from './index.ts';

const root = '/home/somebody/a checkout';
const here = 'file:///home/somebody/a%20checkout';
const time = '2026-11-29T00:17:08.324Z';
const at = clockTime(time);
let shown = '';
let rows: Row[];
let terminal: Terminal;

beforeEach(() => {
  vi.useFakeTimers();
  shown = '';
  rows = [];
  terminal = openTerminal({
    root,
    paint: inColour,
    write: (text) => {
      shown += text;
    },
    requests: {
      counts: () => ({ AppRequests: { received: rows.length } }),
      rows: (_table, { from }) => rows.slice(from),
    },
  });
});
afterEach(() => {
  terminal.stop();
  vi.useRealTimers();
});

const take = (line: object) => terminal.output(Buffer.from(`${JSON.stringify(line)}\n`));
const plainText = () => stripVTControlCharacters(shown);
const always = { time, service: 'service', version: '0.1.0' };
const failure = (fields: object = {}) => ({
  ...always,
  severity: 'error',
  message: 'message handler failed',
  error: {
    type: 'TransientError',
    message: 'It cannot be reached.',
    stack: `TransientError: It cannot be reached.\n    at deliver (${here}/src/own.ts:34:11)\n    at emit (node:events:1:1)\ncaused by Error: refused`,
    fingerprint: '33b1bf87257bdb5b',
  },
  ...fields,
});

test('a line of log is one short line in colour with the first fields of the caller', () => {
  const messageId = 'f43f4479aae9bae5aba8171778aeae9878d7689a4c19a5467b32be45247ed9f2';
  take({ ...always, severity: 'info', message: 'queued', traceId: 'a', spanId: 'b', correlationId: 'c', messageId });
  expect(plainText()).toBe(`${at} info    queued  messageId f43f4479…  correlationId c\n`);
  expect(shown).not.toBe(plainText());
  take({ ...always, severity: 'info', message: 'many', a: 1, b: ['x', 'y'], c: { d: true }, e: 2 });
  expect(plainText()).toContain(`many  a 1  b x, y  c {"d":true}\n`);
});

test('what is no line of log passes as it is, also when it comes in pieces', () => {
  terminal.output(Buffer.from('{"not": "log"}\nplain gr'));
  terminal.output(Buffer.from('ö'.slice(0)).subarray(0, 1));
  terminal.output(Buffer.from('ö').subarray(1));
  terminal.output(Buffer.from('ße\n{"time":"soon","severity":"info","message":"m"}\nwithout an end'));
  expect(shown).toBe('{"not": "log"}\nplain größe\n{"time":"soon","severity":"info","message":"m"}\n');
  terminal.ended();
  expect(shown).toContain('without an end\n');
});

test('a failure is shown with its stack, one frame a line, and its own code by the path in the checkout', () => {
  take(failure({ source: 'orders', attempt: 1 }));
  expect(plainText().split('\n')).toEqual([
    `${at} error   message handler failed  TransientError: It cannot be reached.  source orders  attempt 1`,
    '                     at deliver (src/own.ts:34:11)',
    '                     at emit (node:events:1:1)',
    '                 caused by Error: refused',
    '',
  ]);
});

test('a failure that repeats itself is told once with a count, and its stack is not shown again', () => {
  for (let attempt = 1; attempt <= 10; attempt++) take(failure({ attempt }));
  take(failure({ message: 'something else failed' }));
  expect(plainText().match(/at deliver/g)).toHaveLength(2);
  expect(plainText()).not.toContain('more');
  vi.advanceTimersByTime(2_000);
  expect(plainText()).toContain(
    `${at} error   message handler failed  9 more times  (each: npm run rows -- AppExceptions)\n`,
  );

  take(failure());
  vi.advanceTimersByTime(3_900);
  expect(plainText()).not.toContain('once more');
  vi.advanceTimersByTime(200); // the interval has doubled
  expect(plainText()).toContain('message handler failed  once more');

  vi.advanceTimersByTime(120_000);
  take(failure({ attempt: 'after a pause' }));
  expect(plainText()).toContain('attempt after a pause');
  expect(plainText().match(/at deliver/g)).toHaveLength(2);
});

test('what was counted is told when the service ends, and its next process shows stacks again', () => {
  take(failure());
  take(failure());
  terminal.ended();
  expect(plainText()).toContain('once more');
  take(failure());
  expect(plainText().match(/at deliver/g)).toHaveLength(2);
});

const request = (fields: Partial<Row>): Row => ({ Type: 'AppRequests', TimeGenerated: time, Success: true, ...fields });

test('a request is one line with the time when it was, as soon as Application Insights was told', () => {
  rows.push(
    request({ Name: 'POST /orders', Url: 'http://127.0.0.1:3000/orders', ResultCode: '202', DurationMs: 58.19 }),
  );
  expect(shown).toBe('');
  vi.advanceTimersByTime(1_000);
  expect(plainText()).toBe(`${at} request POST /orders  202  58 ms\n`);
  const url = 'http://127.0.0.1:3000/nothing';
  rows.push(request({ Name: 'GET (no route)', Url: url, ResultCode: '404', DurationMs: 1_234, ItemCount: 20 }));
  const Properties = { 'message.settlement': 'later', 'message.attempt': '2', 'messaging.message.id': 'm-1' };
  rows.push(request({ Name: 'process files', ResultCode: '0', DurationMs: 3, Success: false, Properties }));
  vi.advanceTimersByTime(1_000);
  expect(plainText().split('\n').slice(1)).toEqual([
    `${at} request GET (no route)  404  1.2 s  /nothing  stands for 20`,
    `${at} message process files  later, attempt 2  3 ms  messageId m-1`,
    '',
  ]);
});
