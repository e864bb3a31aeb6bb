import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test, vi } from 'vitest';
import { createClient } from '../../../../src/platform/service-bus/clients.ts';
import { message, startWithBroker } from './with-broker.ts';

const context = new AsyncLocalStorage<string>();

test('a link renews its token outside of the message that opened it', async ({ onTestFinished }) => {
  const { send } = await startWithBroker({ onTestFinished }); // no check at start: the first message opens the link
  const renewals: unknown[] = [];
  const { setTimeout: original } = globalThis;
  const timers = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms = 0, ...rest: []) => {
    if (ms > 1_000_000) renewals.push(context.getStore()); // the SDK renews after 45 minutes
    return original(run, ms, ...rest);
  }) as typeof setTimeout);
  onTestFinished(() => timers.mockRestore());
  await context.run('a message', () => send('parcels', message('a')));
  await context.run('another message', () => send('parcels', message('b')));
  expect(renewals).toEqual([undefined]);
});

test('whichever link needs a token, it is asked for outside of any message', async () => {
  const asked: unknown[] = [];
  const getToken = async (scope: unknown) => {
    asked.push(scope, context.getStore());
    return { token: 'a token', expiresOnTimestamp: Date.now() + 3_600_000 };
  };
  const client = createClient({ kind: 'namespace', namespace: 'ns' }, { getToken });
  // What the SDK holds: it asks over TLS alone, which the local broker does not speak.
  const { tokenCredential } = Reflect.get(client, '_connectionContext');
  const token = await context.run('a message', () => tokenCredential.getToken('the scope'));
  expect(token).toMatchObject({ token: 'a token' });
  expect(asked).toEqual(['the scope', undefined]);
  await client.close();
});
