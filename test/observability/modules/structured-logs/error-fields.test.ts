import { expect, test } from 'vitest';
import { describeError, normalise } from '../../../../src/observability/modules/structured-logs/error-fields.ts';

class RoutingFailed extends Error {}

test('an error is described by type, message, stack and fingerprint, with its causes in the stack', () => {
  const described = describeError(new RoutingFailed('no rule', { cause: new TypeError('bad glob') }));
  expect(described).toMatchObject({ type: 'RoutingFailed', message: 'no rule' });
  expect(described.stack).toMatch(/^Error: no rule\n {4}at [\s\S]*\ncaused by TypeError: bad glob\n {4}at /);
  expect(described.fingerprint).toMatch(/^[\da-f]{16}$/);
});

test('secrets are hidden in message, stack and causes', () => {
  const cause = new Error('login with password=hunter2 refused');
  const described = describeError(new Error('GET https://host/?sig=hunter2 failed', { cause }));
  expect(JSON.stringify(described)).not.toContain('hunter2');
  expect(described.message).toBe('GET https://host/?sig=REDACTED failed');
});

test('the members of an aggregate are shown, and a message that is missing is replaced by the code', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED ::1:5671'), { code: 'ECONNREFUSED' });
  const described = describeError(Object.assign(new AggregateError([refused], ''), { code: 'ECONNREFUSED' }));
  expect(described.message).toBe('ECONNREFUSED');
  expect(described.stack).toContain('one of Error: connect ECONNREFUSED ::1:5671');
});

test.each([['text'], [42], [null], [undefined], [Symbol('s')], [{ message: 'plain object' }], [{}], [() => {}]])(
  'what was thrown instead of an error is described too: %s',
  (thrown) => {
    const described = describeError(thrown);
    for (const value of Object.values(described)) expect(value.length).toBeGreaterThan(0);
  },
);

test('an error that cannot be read is described all the same', () => {
  const hostile = new Error('x');
  for (const property of ['name', 'message', 'stack']) {
    Object.defineProperty(hostile, property, {
      get: () => {
        throw new Error('no');
      },
    });
  }
  const circular: Error & { cause?: unknown } = new Error('loop');
  circular.cause = circular;
  expect(describeError(hostile)).toMatchObject({ type: 'Error', message: 'Error' });
  expect(describeError(circular).stack.length).toBeLessThan(9_000);
});

function raise(message: string): Error {
  return new Error(message);
}

test('the same failure has one fingerprint, whatever its ids, numbers and line', () => {
  const first = raise('file 4711 of "ada" not found at https://host/a?b=c');
  const second = raise('file 12 of "bob" not found at https://other/x');
  expect(describeError(first).fingerprint).toBe(describeError(second).fingerprint);
});

test('another type, message or own function on top is another failure', () => {
  const other = () => new Error('not found');
  const prints = [raise('not found'), raise('not allowed'), new TypeError('not found'), other()];
  expect(new Set(prints.map((error) => describeError(error).fingerprint)).size).toBe(4);
});

test('frames of Node and of packages do not change a fingerprint', () => {
  const error = (frames: string[]) => Object.assign(new Error('x'), { stack: ['Error: x', ...frames].join('\n') });
  const own = '    at Worker.route (file:///app/src/worker.ts:10:5)';
  const moved = '    at async Worker.route (file:///srv/other/dist/src/worker.js:99:1)';
  const foreign = [
    '    at parse (/app/node_modules/some/index.js:1:1)',
    '    at node:internal/process/task_queues:104:5',
    '    at Array.map (<anonymous>)',
  ];
  expect(describeError(error([...foreign, own])).fingerprint).toBe(describeError(error([moved])).fingerprint);
});

test('a message is normalised to what stays the same', () => {
  expect(normalise("lock 8f14e45f-ceea-467f-a0e6 of 'parcels' lost after 30 s at sb://ns/x?y=1")).toBe(
    'lock <id> of "…" lost after # s at <url>',
  );
});
