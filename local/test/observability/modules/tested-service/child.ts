import { mkdtempSync, rmSync } from 'node:fs';
import http, { get as namedGet } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import axios from 'axios';
import express, { Router } from 'express';
import type { Settings } from '../../../../../src/config/read-settings.ts';
import { deploymentSections } from '../../../../../src/config/sections.ts';
import { defineEvents } from '../../../../../src/observability/events.ts';
import { createLogger } from '../../../../../src/observability/logger.ts';
import { registry } from '../../../../../src/observability/registry.ts';
import { startModules } from '../../../../../src/observability/start-modules.ts';
import { systemClock } from '../../../../../src/platform/clock.ts';
import { createHost } from '../../../../../src/platform/host.ts';
import { listen } from '../../../../../src/platform/server.ts';
import { allSections } from './all-sections.ts';

/** What a test starts its service with. */
export interface ChildSettings {
  level: number;
  /** Modules that belong to no level. */
  add?: string[];
  connectionString?: string;
  /** Where telemetry that cannot be delivered is stored; without it in a folder that ends with the process. */
  stateDir?: string;
  personalDataKey?: string;
  sections?: Record<string, unknown>;
}

const settings = JSON.parse(process.argv[2] ?? '{}') as ChildSettings;
const ownState = mkdtempSync(join(tmpdir(), 'tested service '));
process.on('exit', () => rmSync(ownState, { recursive: true, force: true }));
const { level, add = [], connectionString, stateDir = ownState, personalDataKey, sections = {} } = settings;

const early = defineEvents('early', {
  happened: { when: 'it is early', fields: { id: 'string', ok: 'boolean', bytes: 'bytes' } },
});
const logger = createLogger({ minimum: 'debug', clock: systemClock });
const { log } = logger;
const modules = await startModules({
  registry,
  sections: allSections(sections),
  logger,
  context: {
    level,
    active: registry
      .map(({ manifest }) => manifest)
      .filter((m) => (m.level === 'opt-in' ? add.includes(m.name) : m.level <= level))
      .map((m) => m.name),
    service: { name: 'tested', version: '1.2.3', instance: 'replica-1', roles: ['api'] },
    settings: { applicationInsights: connectionString, stateDir } as Settings,
    variables: { PERSONAL_DATA_KEY: personalDataKey },
    slo: deploymentSections.slo.parse(sections.slo ?? {}),
    cost: deploymentSections.cost.parse(sections.cost ?? {}),
    clock: systemClock,
    credential: undefined,
  },
});
const late = defineEvents('late', {
  happened: { when: 'it is late', fields: { id: 'string' } },
  mistyped: { when: 'its values do not fit', fields: { id: 'string', bytes: 'bytes' } },
  hostile: {
    when: 'a stranger chooses the values',
    fields: { text: 'string', person: 'personal', constructor: 'string', apiKey: 'string', n: 'number' },
  },
});

const app = Router();
const calls: Record<string, (url: string) => Promise<unknown>> = {
  axios: (url) => axios.get(url),
  fetch: (url) => fetch(url).then((response) => response.text()),
  default: (url) => new Promise((done) => http.get(url, (response) => response.resume().on('end', done))),
  named: (url) => new Promise((done) => namedGet(url, (response) => response.resume().on('end', done))),
};

app.get('/items/:id', (request, response) => {
  log.info('a file is read', { itemId: request.params.id });
  response.json({ traceparent: request.headers.traceparent });
});
app.post('/calls/:via', async (request, response) => {
  await calls[String(request.params.via)]?.(JSON.parse(request.body).url);
  response.sendStatus(204);
});
app.post('/log', (request, response) => {
  const { severity = 'info', message, fields = {}, error } = JSON.parse(request.body);
  log[severity as 'info'](message, { ...fields, ...(error && { error: new Error(error) }) });
  response.sendStatus(204);
});
app.get('/boom', () => {
  throw new RangeError('boom 4711 AccountKey=c2VjcmV0');
});
app.get('/never', () => {});
app.get('/endless', (_request, response) => void response.write('first'));
app.get('/torn', (_request, response) => {
  response.write('first', () => response.destroy(new Error('no more')));
});
app.get('/answer/:status', (request, response) => void response.sendStatus(Number(request.params.status)));
app.post('/events', (_request, response) => {
  early.happened({ id: 'e-1', ok: true, bytes: 42, ...{ undeclared: 'x' } });
  late.happened({ id: 'see https://x.test/?sig=HIDDEN' });
  late.mistyped(JSON.parse('{ "id": 7, "bytes": "many" }'));
  response.sendStatus(204);
});
app.post('/hostile-event', (request, response) => {
  late.hostile(JSON.parse(request.body));
  response.sendStatus(204);
});

const inner = Router();
inner.use((_request, _response, next) => next());
inner.get('/', (_request, response) => void response.send('list'));
inner.get('/items/:name', (_request, response) => void response.send('file'));
app.use('/static', inner);
app.use('/tenants/:tenant', inner);
const admin = Router();
admin.use('/inner', inner);
app.use('/admin', admin);

await modules.start({
  messaging: undefined,
  health: () => ({ state: 'ready', checks: [] }),
  authenticated: async () => false,
});
const host = createHost({
  businesses: [
    { name: 'tested', routes: (router) => void router.use(express.raw({ type: () => true, limit: 64_000 }), app) },
  ],
  tools: () => ({ send: async () => {}, log, settings: {} }),
  routes: modules.routes,
  http: modules.http,
  log,
});
const { port } = await listen(host, 0, '127.0.0.1');
process.send?.({ port });

process.once('disconnect', () => process.exit(1)); // the test has ended without asking it to stop
process.once('message', async () => {
  const stopped = modules.stop(AbortSignal.timeout(1_000)).then(() => log.info('stopped'));
  await Promise.race([stopped, wait(5_000)]);
  process.exit(0);
});
