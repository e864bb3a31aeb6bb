import { ServiceBusClient, ServiceBusError } from '@azure/service-bus';
import { afterEach, expect, test, vi } from 'vitest';
import { examine } from './examine.ts';
import { startStandIn } from './stand-in.ts';

const connection = 'Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=k;SharedAccessKey=v;UseDevelopmentEmulator=true';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The Service Bus of the tests gives every caller every right, so the SDK's own client answers here, as a namespace makes it answer. */
async function examineWith(peek: () => Promise<unknown>, adminStatus = 404) {
  const receiver = { peekMessages: peek } as unknown as ReturnType<ServiceBusClient['createReceiver']>;
  vi.spyOn(ServiceBusClient.prototype, 'createReceiver').mockReturnValue(receiver);
  const adminUrl = await startStandIn((_, response) => response.writeHead(adminStatus).end());
  return examine({ env: { SERVICEBUS_CONNECTION_STRING: connection, SERVICEBUS_ADMIN_URL: adminUrl } });
}

test('service-bus-forbidden: an identity without the role is told which one to assign', async () => {
  const { report } = await examineWith(() => Promise.reject(new ServiceBusError('no claim', 'UnauthorizedAccess')));
  const what = expect.stringContaining('assign your identity the role "Azure Service Bus Data Receiver"');
  expect(report?.findings).toEqual([expect.objectContaining({ code: 'service-bus-forbidden', what })]);
});

test('service-bus-forbidden: a person who is not signed in is told to sign in', async () => {
  const error = Object.assign(new Error('none'), { name: 'CredentialUnavailableError' });
  const { report } = await examineWith(() => Promise.reject(error));
  const what = expect.stringContaining('sign in with "az login"');
  expect(report?.findings).toEqual([expect.objectContaining({ code: 'service-bus-forbidden', what })]);
});

test.each([401, 403])(
  'an administration that answers %i is no finding: the report names the role that reads settings',
  async (status) => {
    const { codes, report } = await examineWith(async () => [], status);
    expect(codes).toEqual([]);
    const reason = 'to read the settings of queues, assign yourself the role "Azure Service Bus Data Owner"';
    for (const code of ['queue-lock-differs', 'queue-settings-differ'])
      expect(report?.notChecked).toContainEqual({ code, reason });
  },
);
