import { expect, test } from 'vitest';
import { copyInfra, predict, testWithCompiler } from './bicep.ts';
import { ofType, snapshots } from './snapshots.ts';

test('from level 1 on the console is kept on the plan that costs a fifth, and the tables of rules are not on it', () => {
  for (const [name, snapshot] of Object.entries(snapshots)) {
    const plans = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces/tables')
      .filter(({ name: table }) => !table.startsWith('log-security-'))
      .map((table) => [table.name.split('/')[1], table.properties?.plan]);
    expect(Object.fromEntries(plans), name).toEqual({ AppTraces: 'Analytics', ContainerAppConsoleLogs: 'Basic' });
    const settings = ofType(snapshot, 'Microsoft.Insights/diagnosticSettings');
    expect(settings.find((setting) => setting.name === 'container-logs')?.properties, name).toMatchObject({
      logAnalyticsDestinationType: 'Dedicated',
      logs: ['ContainerAppSystemLogs', 'ContainerAppConsoleLogs'].map((category) => ({ category, enabled: true })),
    });
  }
});

test('at every level there is the one dashboard that azd monitor looks for, and its tile opens the component', () => {
  for (const [name, snapshot] of Object.entries(snapshots)) {
    const found = ofType(snapshot, 'Microsoft.Portal/dashboards');
    const [component] = ofType(snapshot, 'Microsoft.Insights/components');
    expect(found, name).toHaveLength(1);
    expect(found[0]?.tags, name).toMatchObject({ 'azd-env-name': 'snapshot', 'hidden-title': expect.any(String) });
    expect(found[0]?.properties?.lenses, name).toMatchObject([
      { parts: [{ metadata: { inputs: [{ name: 'id', value: component?.id }, {}], asset: { idInputName: 'id' } } }] },
    ]);
  }
});

testWithCompiler('whole megabytes become the fraction of a gigabyte that Azure wants', async (compiler) => {
  const snapshot = await predict(compiler, await copyInfra(), {
    config: '{ level: 1, cost: { dailyCapMb: 1023 } }',
  });
  const [workspace] = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces');
  expect(workspace?.properties?.workspaceCapping).toEqual({ dailyQuotaGb: 1.023 });
});
