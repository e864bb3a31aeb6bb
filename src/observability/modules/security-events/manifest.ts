import { z } from 'zod';
import { wholeNumber } from '../../../config/sections.ts';
import type { ModuleManifest } from '../../module.ts';
import { manifest as customEvents } from '../custom-events/manifest.ts';

const section = z
  .strictObject({ everySeconds: wholeNumber(1, 60, 'Seconds that security events are counted together.', 600) })
  .describe('Security events for a SIEM.');

export const manifest = {
  name: 'security-events',
  level: 5,
  answers: 'Who did what, and is anyone working against us?',
  needs: ['application-insights', 'custom-events'],
  section: { key: 'securityEvents', schema: section },
  variables: {
    ...customEvents.variables,
    SECURITY_LOGS_ENDPOINT: {
      meaning:
        'Where security events go: the address of the data collection rule, or of its endpoint. `infra` sets it.',
      allowed: 'an https address, together with SECURITY_LOGS_RULE',
      schema: z.url({ protocol: /^https$/ }).optional(),
    },
    SECURITY_LOGS_RULE: {
      meaning: 'The immutable id of the data collection rule that takes security events. `infra` sets it.',
      allowed: 'an immutable id: dcr- and letters, digits and hyphens, together with SECURITY_LOGS_ENDPOINT',
      schema: z.optional(z.string().regex(/^dcr-[\da-z-]{1,60}$/)),
    },
  },
} satisfies ModuleManifest;
