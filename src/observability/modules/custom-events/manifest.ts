import { z } from 'zod';
import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'custom-events',
  level: 3,
  answers: 'What is the business doing?',
  needs: ['application-insights', 'structured-logs'],
  variables: {
    PERSONAL_DATA_KEY: {
      meaning:
        'The key with which fields of events that are marked `personal` are hashed (HMAC-SHA-256). Without it each process makes one and says so: the hashes of two processes then differ.',
      allowed: 'at least 32 letters, digits and characters of `+/=_-`, as `openssl rand -base64 32` prints them',
      schema: z.optional(z.string().regex(/^[\w+/=-]{32,}$/)),
      secret: true,
    },
  },
} satisfies ModuleManifest;
