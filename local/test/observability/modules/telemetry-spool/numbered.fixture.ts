/** A service of level 2 that logs a numbered line every few milliseconds, and tells its parent each number. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Settings } from '../../../../../src/config/settings.ts';
import { createLogger } from '../../../../../src/observability/logger.ts';
import { registry } from '../../../../../src/observability/registry.ts';
import { startModules } from '../../../../../src/observability/start.ts';
import { systemClock } from '../../../../../src/platform/clock.ts';

const [applicationInsights = '', stateDir = '', from = '0', everyMs = '10'] = process.argv.slice(2);
const logger = createLogger({ minimum: 'info', clock: systemClock });
const modules = await startModules({
  registry,
  sections: {},
  logger,
  context: {
    level: 2,
    active: ['application-insights', 'structured-logs', 'correlation', 'telemetry-spool'],
    service: { name: 'numbered', version: '1', instance: 'i', roles: [] },
    settings: { applicationInsights, stateDir } as Settings,
    clock: systemClock,
    credential: undefined,
  },
});
await modules.start({
  messaging: undefined,
  health: () => ({ state: 'ready', checks: [] }),
  authenticated: async () => true,
});

let number = Number(from);
const timer = setInterval(() => {
  logger.log.info('numbered', { number });
  process.send?.(number++);
}, Number(everyMs));

async function stop() {
  clearInterval(timer);
  await Promise.race([modules.stop(AbortSignal.timeout(3_000)), wait(5_000)]);
  process.exit(0);
}
process.once('message', stop);
process.once('disconnect', stop);
