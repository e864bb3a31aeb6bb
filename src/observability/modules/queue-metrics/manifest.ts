import { z } from 'zod';
import { isLoopbackUrl } from '../../../config/loopback.ts';
import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'queue-metrics',
  level: 3,
  answers: 'How many messages wait, for how long, and is anything taking them?',
  needs: ['application-insights', 'custom-events'],
  variables: {
    QUEUE_READER_CLIENT_ID: {
      meaning:
        'The client id of the managed identity that reads how many messages lie in the queues. Without it the identity of the service asks.',
      allowed: 'a GUID',
      schema: z.guid().optional(),
    },
    SERVICEBUS_ADMIN_URL: {
      meaning:
        'The administration endpoint of the Service Bus on this machine, which speaks plain HTTP: `npm start` sets it.',
      allowed: 'an http address on this machine',
      schema: z.optional(z.url({ protocol: /^http$/ }).refine((text) => isLoopbackUrl(URL.parse(text)))),
    },
  },
} satisfies ModuleManifest;
