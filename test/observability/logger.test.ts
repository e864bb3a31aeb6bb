import { expect, test, vi } from 'vitest';
import { createLogger, lastResort } from '../../src/observability/logger.ts';
import type { LogRecord } from '../../src/platform/log.ts';

const clock = { now: () => new Date(0) };

test('lines written before there is a sink are delivered once there is one, in order', () => {
  const { log, bind } = createLogger({ minimum: 'info', clock });
  const seen: LogRecord[] = [];
  log.info('first', { a: 1 });
  log.warning('second', { error: new Error('x') });
  bind([(record) => seen.push(record)], []);
  log.error('third');
  expect(seen.map(({ message }) => message)).toEqual(['first', 'second', 'third']);
  expect(seen[1]).toMatchObject({ severity: 'warning', error: expect.any(Error), fields: {} });
});

test('a severity below the minimum costs nothing and reaches no sink', () => {
  const { log, bind } = createLogger({ minimum: 'warning', clock });
  const sink = vi.fn();
  bind([sink], []);
  log.info('quiet');
  log.debug('quiet');
  expect(sink).not.toHaveBeenCalled();
});

test('fields of the modules come with every line, and the line’s own win', () => {
  const { log, bind } = createLogger({ minimum: 'info', clock });
  const seen: LogRecord[] = [];
  bind([(record) => seen.push(record)], [() => ({ traceId: 't', a: 1 }), () => ({ b: 2 })]);
  log.info('m', { a: 'own' });
  expect(seen[0]?.fields).toEqual({ traceId: 't', a: 'own', b: 2 });
});

test('a sink that throws breaks neither the caller nor the other sinks', () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { log, bind } = createLogger({ minimum: 'info', clock });
  const other = vi.fn();
  bind(
    [
      () => {
        throw new Error('broken sink');
      },
      other,
    ],
    [],
  );
  log.info('m');
  expect(other).toHaveBeenCalledOnce();
  expect(stderr).toHaveBeenCalledOnce();
  stderr.mockRestore();
});

test('the last resort tells message and kind of error, and never the fields that nothing has redacted', () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  lastResort({
    time: new Date(0),
    severity: 'error',
    message: 'm',
    error: new TypeError('password=1'),
    fields: { token: 's' },
  });
  expect(JSON.parse(String(stderr.mock.calls[0]?.[0]))).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    severity: 'error',
    message: 'm',
    error: { type: 'TypeError' },
  });
  stderr.mockRestore();
});
