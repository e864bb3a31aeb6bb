import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registry } from '../../../src/observability/registry.ts';
import { workspaceFunctions } from '../../application-insights/index.ts';
import { createEngine, type KqlEngine } from '../../kql/index.ts';
import { filled, readRepositoryQueries } from '../../kql/repository-queries.fixture.ts';
import { endServices, startService } from '../../test/service/running-service.ts';
import { type StandIns, startStandIns } from '../../test/service/stand-ins.ts';
import { postFile } from './post-file.ts';
import { sample } from './sample.fixture.ts';

const container =
  'Azure, or "npm start" in its place, writes the logs of containers; here the service runs without either';
const soon = 'the first heartbeat comes fifteen seconds after the start';
const noJob = 'the sample has no job';
const hourly = 'Usage is written once an hour';
const calm = 'nothing is as bad as the rule asks for';
/** Why a query has no rows after what `beforeAll` does. Every other query has some. */
const explained: Readonly<Record<string, string>> = {
  'docs/runbooks/alert-rules/availability.md: ContainerAppSystemLogs': container,
  'docs/runbooks/alert-rules/daily-cap-reached.md: _LogOperation': 'the daily cap was not reached',
  'docs/runbooks/alert-rules/daily-cap.md: Usage': hourly,
  'docs/modules/heartbeat.md: AppEvents': soon,
  'docs/runbooks/alert-rules/heartbeat-missing.md: ContainerAppSystemLogs': container,
  'docs/runbooks/alert-rules/job-missed.md: AppEvents': noJob,
  'docs/runbooks/alert-rules/job-missed.md: AppExceptions': noJob,
  'docs/runbooks/alert-rules/exception-spike.md: AppExceptions': 'the reader puts the fingerprint of an alert into it',
  'docs/runbooks/alert-rules/telemetry-silent.md: ContainerAppConsoleLogs': container,
  'docs/runbooks/basic-alerts/failed-requests.md: ContainerAppSystemLogs': container,
  'docs/runbooks/basic-alerts/no-replica.md: ContainerAppSystemLogs': container,
  'docs/runbooks/basic-alerts/restarts.md: ContainerAppConsoleLogs': container,
  'docs/runbooks/basic-alerts/restarts.md: ContainerAppSystemLogs': container,
  'infra/observability/alert-rules/consumer-stalled.kql': 'every message is handled at once',
  'infra/observability/alert-rules/daily-cap-reached.kql': 'the daily cap was not reached',
  'infra/observability/alert-rules/error-budget-fast.kql': calm,
  'infra/observability/alert-rules/error-budget-medium.kql': calm,
  'infra/observability/alert-rules/error-budget-slow.kql': calm,
  'infra/observability/alert-rules/exception-spike.kql': calm,
  'infra/observability/alert-rules/heartbeat-missing.kql': 'the replica beats',
  'infra/observability/alert-rules/job-missed.kql': noJob,
  'infra/observability/alert-rules/oldest-message.kql': 'it asks for five minutes of readings',
  'infra/observability/alert-rules/retry-storm.kql': calm,
  'infra/observability/alert-rules/telemetry-silent.kql': 'the role reports',
  'infra/observability/basic-alerts/restarts.kql': container,
  'infra/observability/dashboards/telemetry-volume.kql': hourly,
  'infra/observability/dashboards/volume-by-day.kql': hourly,
  'docs/modules/multi-region.md: AppDependencies': 'there is one region here',
};
/** Its table is filled from level 5 on, where drills fire its rules. */
const reasonOf = (name: string) =>
  explained[name] ?? (name.includes('/security-events') ? 'no security events at level 4' : undefined);

const root = join(import.meta.dirname, '../../..');
const queries = await readRepositoryQueries();
/** More than the rules ask for before they look at shares. */
const good = 25;
const known = { 'queues.duplicateWindow': "case(isempty(source), 1s, source == 'files', 10m + 0s, 1s)" };
let standIns: StandIns;
let engine: KqlEngine;

/** Without the module that tells of messages most questions have no rows, and what asks them can be deleted with it. */
const tellsOfMessages = registry.some(({ manifest }) => manifest.name === 'custom-events');

describe.skipIf(!tellsOfMessages)('after what the sample sent at level 4', () => {
  beforeAll(async () => {
    standIns = await startStandIns({ business: sample });
    const { destination, insights, serviceBus } = standIns;
    const retry = { attempts: 3, firstDelaySeconds: 1, factor: 1 };
    const env = { SERVICE_NAME: 'app', SEND_TIMEOUT_MS: '1000' };
    const service = await startService(standIns, { config: { level: 4, retry }, env });
    const eventOf = (step: string) => standIns.rows('AppEvents', ({ Name }) => Name === `message.${step}`);
    for (let sent = 0; sent < good; sent++) await postFile(service, { key: `good-${sent}` });
    await postFile(service, { key: 'traced', headers: { 'x-correlation-id': 'order:4711' } });
    await postFile(service, { key: 'poison', name: 'a.tmp' });
    await destination.faults.mode('flaky', { share: 1, destination: 'images' });
    await postFile(service, { key: 'retried', name: 'a.png' });
    await eventOf('retried');
    await destination.faults.mode('ok');
    await standIns.settled();
    await serviceBus.faults.mode('down');
    expect(await postFile(service, { key: 'refused' })).toMatchObject({ status: 503 });
    await serviceBus.faults.mode('ok');
    await service.stop();
    engine = createEngine({ tables: insights.workspace, functions: workspaceFunctions() });
  }, 120_000);
  afterAll(async () => {
    engine?.close();
    await endServices();
    await standIns?.stop();
  });

  test.each(queries)('$name has rows, or none for a reason that is told', async ({ name, text }) => {
    const { rows } = await engine.run(filled(text, known));
    const reason = reasonOf(name);
    expect(rows.length > 0 ? 'rows' : 'none', reason).toBe(reason ? 'none' : 'rows');
  });
});

test('every reason is that of a query, where its page or rule was not deleted', () => {
  const names = queries.map(({ name }) => name);
  const there = Object.keys(explained).filter((name) => existsSync(join(root, name.split(': ')[0] ?? '')));
  expect(there.filter((name) => !names.includes(name))).toEqual([]);
});
