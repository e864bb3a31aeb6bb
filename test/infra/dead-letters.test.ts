import { expect } from 'vitest';
import fixtureWork from '../fixture-business/businesses.json' with { type: 'json' };
import { copyInfra, predict, testWithCompiler } from './bicep.ts';
import { hasModule, ofModule } from './present-modules.ts';
import { nameOf, ofType } from './snapshots.ts';

const names = (snapshot: Parameters<typeof ofType>[0]) => snapshot.predictedResources.map(nameOf);

testWithCompiler('the modules of level 2 bring the log of the namespace and the right to retry', async (compiler) => {
  const folder = await copyInfra({
    'infra/workload/businesses.json': JSON.stringify({ ...fixtureWork, workerSends: false }),
  });
  const topology = "deployment: { topology: 'split' }";
  const lower = names(await predict(compiler, folder, { config: `{ level: 1, ${topology} }` }));
  const upper = await predict(compiler, folder, { config: `{ level: 2, ${topology} }` });
  expect(
    names(upper)
      .filter((name) => !lower.includes(name))
      .sort(),
  ).toEqual([
    ...ofModule('application-insights', ['diagnosticSettings: operational-logs']),
    'roleAssignments: id-worker schedules the copy that is a retry.',
  ]);
  if (!hasModule('application-insights')) return; // the log needs the workspace
  const settings = ofType(upper, 'Microsoft.Insights/diagnosticSettings');
  expect(settings.find(({ name }) => name === 'operational-logs')?.properties).toMatchObject({
    logAnalyticsDestinationType: 'Dedicated',
    logs: [{ category: 'OperationalLogs', enabled: true }],
  });
});
