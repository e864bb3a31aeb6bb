import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createReceiveReport } from '../../../src/platform/service-bus/receiver.ts';
import { recordingLog } from './recording-log.ts';

test('a thousand failures are one line, and the recovery is another', () => {
  const { log, lines } = recordingLog();
  const report = createReceiveReport('files', log);
  report.succeeded();
  for (let n = 0; n < 1_000; n += 1) report.failed(new Error('refused'));
  report.succeeded();
  report.succeeded();
  expect(lines).toMatchObject([
    { severity: 'warning', message: 'receive failing', fields: { source: 'files', failures: 1 } },
    { severity: 'info', message: 'receiving again', fields: { source: 'files', failures: 1_000 } },
  ]);
});

test('while it goes on failing, a line comes now and then with the count', async () => {
  const { log, lines } = recordingLog();
  const report = createReceiveReport('files', log, 20);
  report.failed(new Error('refused'));
  report.failed(new Error('refused'));
  await sleep(25);
  report.failed(new Error('refused'));
  report.failed(new Error('refused'));
  expect(lines.map(({ message }) => message)).toEqual(['receive failing', 'receive still failing']);
  expect(lines[1]).toMatchObject({ fields: { failures: 3 } });
});

test('the error behind an AggregateError is the one that is logged', () => {
  const { log, lines } = recordingLog();
  const refused = new Error('connect ECONNREFUSED');
  createReceiveReport('files', log).failed(new AggregateError([new Error('first'), refused]));
  expect(lines[0]?.fields.error).toBe(refused);
});
