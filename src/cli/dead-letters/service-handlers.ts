import { loadConfig } from '../../config/load-config.ts';
import { identifyService } from '../../config/service-identity.ts';
import { levels } from '../../observability/levels.ts';
import { createLogger } from '../../observability/logger.ts';
import { retrySection } from '../../observability/modules/dead-letters/manifest.ts';
import { createLine } from '../../observability/modules/structured-logs/line.ts';
import { registry } from '../../observability/registry.ts';
import type { Business } from '../../platform/business.ts';
import { systemClock } from '../../platform/clock.ts';
import { assignHandlers } from '../../platform/service-bus/assignments.ts';
import type { Queues } from '../../platform/service-bus/queues.ts';
import type { Handlers } from './in-place.ts';

interface HandlersOptions {
  businesses: readonly Business[];
  queues: Queues;
  tell(line: string): void;
}

/** Makes the handlers ready as the service does. Throws `ConfigError` when the service could not start here either. */
export async function loadHandlers({ businesses, queues, tell }: HandlersOptions): Promise<Handlers> {
  const manifests = registry.map(({ manifest }) => manifest);
  const config = loadConfig({ manifests, levels, businesses, needsServiceBus: false });
  const settingsOf = ({ name }: Business) => config.business[name] ?? {};
  const { assignments } = assignHandlers({ businesses, settingsOf, queues });
  for (const business of businesses) await business.prepare?.(settingsOf(business));

  const { log, bind } = createLogger({ minimum: 'warning', clock: systemClock });
  bind([(record) => tell(JSON.stringify(createLine(record)))], []);
  return {
    of: ({ name }) => assignments.find(({ source }) => source.name === name),
    handlerTimeoutMs: config.settings.handlerTimeoutMs,
    maxReplays: retrySection.parse(config.sections.retry ?? {}).maxReplays,
    serviceVersion: identifyService(config.settings).version,
    log,
  };
}
