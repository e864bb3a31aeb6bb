import { z } from 'zod';
import { wholeNumber } from '../../../config/sections.ts';
import type { ModuleManifest } from '../../module.ts';

const rateLimitSection = z
  .strictObject({
    requestsPerMinute: wholeNumber(
      1,
      600,
      'Requests of one caller that a replica answers in a minute; with n replicas a caller gets up to n times as many.',
    ),
    proxies: wholeNumber(
      0,
      1,
      'Proxies in front that add the address of their caller to X-Forwarded-For: 1 is the ingress of Container Apps, 2 Front Door before it. It matters where callers send no token.',
      10,
    ),
  })
  .describe('How many requests a caller may send to a replica.');

export const manifest = {
  name: 'rate-limit',
  level: 'opt-in',
  answers: 'Can one caller take the service from all others?',
  needs: [],
  section: { key: 'rateLimit', schema: rateLimitSection },
} satisfies ModuleManifest;
