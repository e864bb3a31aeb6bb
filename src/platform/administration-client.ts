import type { TokenCredential } from '@azure/core-auth';
import { ServiceBusAdministrationClient } from '@azure/service-bus';
import type { ServiceBusConnection } from '../config/settings.ts';

/**
 * A client of the administration API of Service Bus, which tries once. `adminUrl`: the address of the local one. Throws
 * when the connection is a namespace and there is no credential.
 */
export function createAdministrationClient(
  connection: ServiceBusConnection,
  credential: TokenCredential | undefined,
  adminUrl: string | undefined,
): ServiceBusAdministrationClient {
  const options = { retryOptions: { maxRetries: 0 } };
  if (connection.kind === 'namespace') {
    if (!credential) throw new Error('SERVICEBUS_NAMESPACE needs an Entra credential, and there is none.');
    return new ServiceBusAdministrationClient(connection.namespace, credential, options);
  }
  const client = new ServiceBusAdministrationClient(connection.connectionString, options);
  if (adminUrl) askLocally(client, adminUrl);
  return client;
}

/** The client (7.9.5) knows no other address than https of the namespace. It must not ask a proxy for one on this machine. */
function askLocally(client: ServiceBusAdministrationClient, adminUrl: string): void {
  const { protocol, host } = new URL(adminUrl);
  client.pipeline.removePolicy({ name: 'proxyPolicy' });
  client.pipeline.addPolicy({
    name: 'localAdministration',
    sendRequest(request, next) {
      request.url = Object.assign(new URL(request.url), { protocol, host }).href;
      request.allowInsecureConnection = true;
      return next(request);
    },
  });
}
