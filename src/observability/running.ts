import { loadConfig } from '../config/load-config.ts';
import { identifyService } from '../config/service-identity.ts';
import { systemClock } from '../platform/clock.ts';
import { createCredential } from '../platform/credential.ts';
import { levels } from './levels.ts';
import { createLogger } from './logger.ts';
import { registry } from './registry.ts';
import { startModules } from './start-modules.ts';

const config = loadConfig({ manifests: registry.map(({ manifest }) => manifest), levels });
const { active, level, sections, settings, variables } = config;
const { slo, cost } = sections;

const service = { ...identifyService(settings), roles: settings.roles };
const onAzure = settings.azureClientId !== undefined;
const credential =
  onAzure || settings.serviceBus?.kind === 'namespace' ? await createCredential(settings.azureClientId) : undefined;
const logger = createLogger({ minimum: settings.logLevel, clock: systemClock });

const context = { level, active, service, settings, variables, slo, cost, clock: systemClock };
const modules = await startModules({
  registry,
  sections,
  logger,
  context: { ...context, credential: onAzure ? credential : undefined },
});

/** Configuration and modules of this process. `preload.ts` starts them and `main.ts` plugs in the same instance. */
export const running = { config, modules, service, credential, log: logger.log };
