import { z } from 'zod';
import { serviceBusConnection } from '../../../config/connection-strings.ts';
import { isLoopbackUrl } from '../../../config/loopback.ts';
import type { ModuleManifest } from '../../module.ts';

const localBroker = serviceBusConnection.refine((text) => isLoopbackUrl(URL.parse(`http:${text.split(/=sb:|;/)[1]}`)));

export const manifest = {
  name: 'multi-region',
  level: 5,
  answers: 'Would we survive the loss of a region?',
  needs: ['application-insights'],
  variables: {
    SERVICEBUS_FALLBACK_NAMESPACE: {
      meaning: 'The Service Bus namespace of the other region. It gets messages that the own one does not accept.',
      allowed:
        'a host name such as orders.servicebus.windows.net, or the connection string of a broker on this machine',
      schema: z.hostname().includes('.').or(localBroker).optional(),
    },
  },
} satisfies ModuleManifest;
