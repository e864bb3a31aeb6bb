import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What Bicep compiles the infrastructure to. */
const templates = ['infra/main.json', 'infra/app.json'];
const setting = z.object({
  type: z.string().regex(/\/diagnosticSettings$/i),
  scope: z.string().includes("'Microsoft.ServiceBus/namespaces'"),
  properties: z.object({ metrics: z.array(z.object({ enabled: z.literal(true) })).min(1) }),
});

/**
 * Whether the infrastructure of a checkout has a diagnostic setting that sends the metrics of the Service Bus namespace to the
 * workspace. At which level it is deployed is not looked at. Where there is no template, nothing is deployed.
 */
export const exportsBrokerMetrics = (root: string): boolean =>
  templates.some((template) => {
    try {
      return holdsSetting(JSON.parse(readFileSync(join(root, template), 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw new Error(`${template} cannot be read: ${(error as Error).message}`, { cause: error });
    }
  });

/** Templates hold templates. */
const holdsSetting = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (setting.safeParse(value).success || Object.values(value).some(holdsSetting));
