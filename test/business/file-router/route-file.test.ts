import { expect, onTestFinished, test } from 'vitest';
import { createFileRouter } from '../../../src/business/file-router/index.ts';
import { fileQueue, toMessage } from '../../../src/business/file-router/queued-file.ts';
import { watchEvents } from '../../../src/observability/events.ts';
import type { BusinessSettings } from '../../../src/platform/business.ts';
import type { CallMiddleware, ReceivedMessage } from '../../../src/platform/messaging.ts';
import { recordedLog } from '../../platform/recorded-log.ts';

const never = new AbortController().signal;

/** Starts the business and hands it one file, as the worker does. */
async function work(name: string, settings: BusinessSettings = {}) {
  const log = recordedLog();
  const called: string[] = [];
  const tools = { settings, log, send: async () => {} };
  const business = createFileRouter();
  await business.start?.({ ...tools, every() {} }, never);
  const file = { fileId: 'f-1', name, contentType: 'text/plain', content: Buffer.from('content') };
  const call = (async (dependency: string) => {
    called.push(dependency);
  }) as CallMiddleware;
  const message = toMessage(file) as unknown as ReceivedMessage;
  const events: unknown[] = [];
  onTestFinished(
    watchEvents(({ name }, values) => void (name.startsWith('file-router.') && events.push([name, values]))),
  );
  const handled = business.handlers?.[fileQueue]?.(message, { ...tools, signal: never, attempt: 1, call });
  const outcome = await handled?.then(
    () => 'completed',
    (error: { reason?: string }) => error.reason,
  );
  return { called, outcome, events, lines: log.lines };
}

test('without an address of the destinations a file runs through the rules, is stored nowhere, and both start and file say so', async () => {
  const { called, outcome, events, lines } = await work('a.txt');
  expect({ called, outcome }).toEqual({ called: [], outcome: 'completed' });
  const values = { fileId: 'f-1', destination: 'documents', bytes: 7 };
  expect(events).toEqual([['file-router.storedNowhere', values]]);
  expect(lines).toEqual([
    {
      severity: 'warning',
      message: 'files are accepted and stored nowhere, because FILE_ROUTER_DESTINATION_URL is not set',
      fields: {},
    },
    {
      severity: 'info',
      message: 'file stored nowhere',
      fields: { fileId: 'f-1', destination: 'documents', attempt: 1 },
    },
  ]);
  expect((await work('a.tmp')).outcome).toBe('NoRoutingRule');
});

test('with an address the file is delivered, and the start has nothing to warn of', async () => {
  const { called, outcome, events, lines } = await work('a.png', { FILE_ROUTER_DESTINATION_URL: 'http://127.0.0.1:9' });
  expect({ called, outcome }).toEqual({ called: ['images'], outcome: 'completed' });
  expect(events).toEqual([]);
  expect(lines.map(({ message }) => message)).toEqual(['file delivered']);
});
