/** A service of level 1 that logs a numbered line every few milliseconds, and tells its parent each number. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Settings } from '../../../../../src/config/read-settings.ts';
import { deploymentSections } from '../../../../../src/config/sections.ts';
import { createLogger } from '../../../../../src/observability/logger.ts';
import { registry } from '../../../../../src/observability/registry.ts';
import { startModules } from '../../../../../src/observability/start-modules.ts';
import { systemClock } from '../../../../../src/platform/clock.ts';
import { allSections } from '../tested-service/all-sections.ts';

const [applicationInsights = '', stateDir = '', from = '0', replays = 'at once'] = process.argv.slice(2);
// The exporter waits a random part of a minute after its start before it replays what it stored.
const random = replays === 'at once' ? 0 : 0.99;
Math.random = () => random;

const logger = createLogger({ minimum: 'info', clock: systemClock });
const modules = await startModules({
  registry,
  sections: allSections(),
  logger,
  context: {
    level: 1,
    active: ['application-insights', 'structured-logs'],
    service: { name: 'numbered', version: '1', instance: 'i', roles: [] },
    settings: { applicationInsights, stateDir } as Settings,
    slo: deploymentSections.slo.parse({}),
    cost: deploymentSections.cost.parse({}),
    variables: {},
    clock: systemClock,
    credential: undefined,
  },
});

let number = Number(from);
const timer = setInterval(() => {
  logger.log.info('numbered', { number });
  process.send?.(number++);
}, 10);

async function stop() {
  clearInterval(timer);
  await Promise.race([modules.stop(AbortSignal.timeout(3_000)), wait(5_000)]);
  process.exit(0);
}
process.once('message', stop);
process.once('disconnect', stop);
