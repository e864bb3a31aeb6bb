import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { copyInfra, infra, predict, testWithCompiler } from '../bicep.ts';
import { hasModule, ofModule } from '../present-modules.ts';
import { nameOf, ofType } from '../snapshots.ts';

const names = (snapshot: Parameters<typeof ofType>[0]) => snapshot.predictedResources.map(nameOf);

testWithCompiler(
  'the availability test exists where the service is public, as often and from as many places as the file says',
  async (compiler) => {
    const folder = await copyInfra();
    const deployment = '{ public: true, allowAnonymous: true, availabilityTest: { everyMinutes: 5, locations: 1 } }';
    const snapshot = await predict(compiler, folder, { config: `{ level: 4, deployment: ${deployment} }` });
    const [webtest] = ofType(snapshot, 'Microsoft.Insights/webtests');
    const [component] = ofType(snapshot, 'Microsoft.Insights/components');
    expect(webtest).toMatchObject({
      kind: 'standard',
      properties: { Kind: 'standard', Frequency: 300, Enabled: true },
    });
    expect(webtest?.properties?.Locations).toHaveLength(1);
    expect(webtest?.tags?.[`hidden-link:${component?.id}`]).toBe('Resource');
    const alert = ofType(snapshot, 'Microsoft.Insights/metricAlerts').find(
      ({ name }) => name === 'availability-snapshot',
    );
    expect(alert?.properties).toMatchObject({
      severity: 0,
      criteria: { webTestId: webtest?.id, failedLocationCount: 1 },
    });
    const quiet = await predict(compiler, folder, { config: '{ level: 4 }' });
    expect(ofType(quiet, 'Microsoft.Insights/webtests')).toEqual([]);
  },
);

testWithCompiler(
  'a rule whose signals are off is left out and a question without them is hidden, and nothing else changes',
  async (compiler) => {
    if (!hasModule('custom-events')) return;
    const folder = await copyInfra();
    // They need custom-events.
    const further = ['queue-metrics', 'heartbeat'].flatMap((name) => ofModule(name, [`'${name}'`]));
    const without = (...modules: string[]) =>
      predict(compiler, folder, {
        config: `{ level: 4, modules: { remove: [${[...modules, ...further].join(', ')}] } }`,
      });
    const all = names(await without());
    const lesser = await without("'custom-events'");
    const some = names(lesser);
    if (hasModule('dashboards')) {
      const workbook = String(ofType(lesser, 'Microsoft.Insights/workbooks')[0]?.properties?.serializedData);
      expect(JSON.stringify(JSON.parse(workbook))).toMatch(/"name":"On_custom_events"[^}]*"value":"off"/);
    }
    expect(all.filter((name) => !some.includes(name))).toEqual([
      'scheduledQueryRules: consumer-stalled',
      'scheduledQueryRules: job-missed',
      'scheduledQueryRules: message-latency',
      'scheduledQueryRules: retry-storm',
    ]);
  },
);

testWithCompiler('a name in double braces that the file does not have stops the deployment', async (compiler) => {
  const path = join('observability', 'alert-rules', 'log-rules.json');
  const rules = (await readFile(join(infra, path), 'utf8')).replaceAll(
    '{{slo.messageLatencySeconds}}',
    '{{slo.messageLatency}}',
  );
  const folder = await copyInfra({ [join('infra', path)]: rules });
  await expect(predict(compiler, folder, { config: '{ level: 4 }' })).rejects.toThrow(
    /names a value that observability\.json does not have/,
  );
});

testWithCompiler(
  'planned work silences the telling for its time, and silence without an end is refused',
  async (compiler) => {
    const folder = await copyInfra();
    const maintenanceFrom = "'2026-01-31T20:00:00'";
    const planned = await predict(compiler, folder, {
      config: '{ level: 4 }',
      maintenanceFrom,
      maintenanceUntil: "'2026-01-31T22:00:00'",
    });
    const [rule] = ofType(planned, 'Microsoft.AlertsManagement/actionRules');
    expect(rule?.properties).toMatchObject({
      enabled: true,
      schedule: { effectiveFrom: '2026-01-31T20:00:00', effectiveUntil: '2026-01-31T22:00:00', timeZone: 'UTC' },
    });
    await expect(predict(compiler, folder, { config: '{ level: 4 }', maintenanceFrom })).rejects.toThrow(
      /silence without an end/,
    );
  },
);
