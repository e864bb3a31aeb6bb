import { ServiceBusAdministrationClient } from '@azure/service-bus';

/**
 * Azure's own administration client, pointed at a test double. The client speaks HTTPS only and takes no other transport,
 * so a policy rewrites its requests; and requests to loopback must not go to the proxy of the environment.
 */
export function connectAdministration(adminUrl: string): ServiceBusAdministrationClient {
  const client = new ServiceBusAdministrationClient(
    `Endpoint=sb://${new URL(adminUrl).host};SharedAccessKeyName=local;SharedAccessKey=local`,
  );
  client.pipeline.removePolicy({ name: 'proxyPolicy' });
  client.pipeline.addPolicy({
    name: 'plainHttpPolicy',
    sendRequest(request, next) {
      const url = new URL(request.url);
      url.protocol = 'http:';
      request.url = url.href;
      request.allowInsecureConnection = true;
      return next(request);
    },
  });
  return client;
}
