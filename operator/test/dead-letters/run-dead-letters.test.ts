import { expect, test } from 'vitest';
import type { CommandSettings } from '../../command-settings.ts';
import { runDeadLetters } from '../../dead-letters/run-dead-letters.ts';

const terminal = { print: async () => {}, tell: () => {}, count: () => {} };

/** The identity with which a change would send its telemetry. The command ends before it works on any message. */
async function identityFor(serviceBus: CommandSettings['serviceBus']) {
  let credential: object | undefined;
  const run = runDeadLetters(['purge', '--yes'], {
    terminal,
    settings: { serviceBus, azureClientId: undefined, plain: true },
    queues: { sources: new Map(), withSessions: new Set(), targets: new Set() },
    telemetry: async (options) => {
      ({ credential } = options);
      throw new Error('this test ends here');
    },
  });
  await expect(run).rejects.toThrow('this test ends here');
  return credential;
}

test('a signed-in person sends the telemetry of a change with a token, because Azure takes none without', async () => {
  const namespace = 'orders.servicebus.windows.net';
  expect(await identityFor({ kind: 'namespace', namespace })).toHaveProperty('getToken');
});

test('telemetry on this machine is sent without a token', async () => {
  const connectionString = 'Endpoint=sb://127.0.0.1;SharedAccessKeyName=k;SharedAccessKey=v';
  expect(await identityFor({ kind: 'connection-string', connectionString })).toBeUndefined();
});
