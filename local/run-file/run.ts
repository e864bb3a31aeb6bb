import { z } from 'zod';

/** What `npm start` tells the other commands: where everything listens, and the token that changes of state need. */
export const runSchema = z.object({
  version: z.literal(1),
  /** The process that holds the stand-ins. */
  pid: z.int().positive(),
  level: z.int().min(1).max(5),
  service: z.url(),
  dashboard: z.url(),
  /** The connection string; absent, like the address of its administration, where the service has no queue and no topic. */
  serviceBus: z.string().min(1).optional(),
  serviceBusAdmin: z.url().optional(),
  ingestion: z.url(),
  /** Where security events go: the address, the data collection rule, and a file with the certificate to trust. */
  securityLogs: z.object({ endpoint: z.url(), rule: z.string(), certificate: z.string() }).optional(),
  destination: z.url(),
  token: z.string().min(16),
});

export type Run = z.output<typeof runSchema>;
