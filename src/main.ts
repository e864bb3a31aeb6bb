import { businesses } from './business/index.ts';
import { running } from './observability/running.ts';
import { ownSettings } from './own-settings.ts';
import { maySeeDetails } from './platform/callers.ts';
import { createHealthMonitor } from './platform/health.ts';
import { createHost } from './platform/host.ts';
import { createJobs } from './platform/jobs.ts';
import { createLifecycle } from './platform/lifecycle.ts';
import { listen } from './platform/server.ts';
import { createMessaging } from './platform/service-bus/service-bus-messaging.ts';

const { config, modules, credential, log } = running;
const { active, level, notices, settings } = config;
const { roles, serviceBus: connection } = settings;
const settingsOf = ({ name }: { name: string }) => ownSettings[name] ?? {};
const lifecycle = createLifecycle({ graceMs: settings.shutdownGraceMs, log });

await lifecycle.start(async () => {
  lifecycle.add('modules', modules.stop, { reserveMs: 3_000 });
  for (const notice of notices) log.warning(notice);

  const { tokens, healthChecks } = modules;
  const bus =
    connection && createMessaging({ ...modules, connection, credential, businesses, settingsOf, roles, settings, log });
  if (bus) lifecycle.add('sending', bus.stop);
  const send = bus?.messaging.send ?? (() => Promise.reject(new Error('This service has no Service Bus.')));
  await bus?.checkEntities();

  const jobs = createJobs(modules.job, log);
  lifecycle.add('businesses', jobs.stop);
  const tools = (business: { name: string }) => ({ send, log, settings: settingsOf(business) });
  for (const business of businesses) await business.start?.({ ...tools(business), every: jobs.every }, jobs.signal);

  const checks = [...(bus?.checks ?? []), ...healthChecks, ...businesses.flatMap(({ checks = [] }) => checks)];
  const health = createHealthMonitor({ checks, roles, state: lifecycle.state });
  await modules.start({
    messaging: bus?.messaging,
    health: health.report,
    authenticated: (request) => maySeeDetails(request, tokens),
  });

  const app = createHost({ ...modules, businesses, tools, api: roles.includes('api'), log });
  const server = await listen(app, settings.port, settings.host);
  lifecycle.add('http', server.close);

  bus?.start();
  if (bus) lifecycle.add('receiving', bus.stopReceiving);
  await health.start();
  lifecycle.add('health checks', health.stop);
  log.info('listening', { port: server.port, level, modules: active, roles });
});
