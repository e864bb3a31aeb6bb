import { z } from 'zod';
import type { ModuleManifest } from '../../module.ts';

const logsSection = z.strictObject({
  console: z
    .enum(['warnings', 'all'])
    .optional()
    .describe(
      'What standard output carries: all lines, or warnings, errors and what the telemetry SDK does not take. ' +
        'Left out: all on a terminal and without a connection string, else warnings, so that no line is paid for twice.',
    ),
});

export const manifest = {
  name: 'structured-logs',
  level: 1,
  answers: 'What did the service say about this request?',
  needs: [],
  section: { key: 'logs', schema: logsSection },
} satisfies ModuleManifest;
