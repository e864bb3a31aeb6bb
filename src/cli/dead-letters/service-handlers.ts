import { readBusinessSettings } from '../../config/business-settings.ts';
import { loadConfig } from '../../config/load-config.ts';
import { identifyService } from '../../config/service-identity.ts';
import { levels } from '../../observability/levels.ts';
import { retrySection } from '../../observability/modules/dead-letters/manifest.ts';
import { registry } from '../../observability/registry.ts';
import type { Business } from '../../platform/business.ts';
import { assignHandlers } from '../../platform/service-bus/assignments.ts';
import type { Queues } from '../../platform/service-bus/queues.ts';
import type { Handlers } from './in-place.ts';

interface HandlersOptions {
  businesses: readonly Business[];
  queues: Queues;
}

/** Makes the handlers ready as the service does. Throws `ConfigError` when the service could not start here either. */
export async function loadHandlers({ businesses, queues }: HandlersOptions): Promise<Handlers> {
  const manifests = registry.map(({ manifest }) => manifest);
  const config = loadConfig({ manifests, levels });
  const own = readBusinessSettings(businesses);
  const settingsOf = ({ name }: Business) => own[name] ?? {};
  const { assignments } = assignHandlers({ businesses, settingsOf, queues });
  for (const business of businesses) await business.prepare?.(settingsOf(business));

  return {
    of: ({ name }) => assignments.find(({ source }) => source.name === name),
    handlerTimeoutMs: config.settings.handlerTimeoutMs,
    maxReplays: retrySection.parse(config.sections.retry ?? {}).maxReplays,
    serviceVersion: identifyService(config.settings).version,
  };
}
