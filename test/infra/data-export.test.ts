import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyInfra, infra, predict, testWithCompiler } from './bicep.ts';
import { ofModule } from './present-modules.ts';
import { ofType, scenario, topologies } from './snapshots.ts';

const schema = JSON.parse(await readFile(join(infra, 'observability/log-analytics-schema.json'), 'utf8'));

describe.each(topologies)('in topology %s', (topology) => {
  const snapshot = scenario(5, topology);
  const [account] = ofType(snapshot, 'Microsoft.Storage/storageAccounts');
  const exports = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces/dataExports');

  test('what is exported cannot be changed for a year, and what the export appends is let through', () => {
    expect(account?.properties?.immutableStorageWithVersioning).toEqual({
      enabled: true,
      immutabilityPolicy: {
        state: 'Unlocked',
        immutabilityPeriodSinceCreationInDays: 365,
        allowProtectedAppendWrites: true,
      },
    });
  });

  test('the archive is in the region of the workspaces, and no network but that of Azure reaches it', () => {
    const [workspace] = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces');
    expect(account?.location).toBe(workspace?.location);
    expect(account?.properties?.networkAcls).toEqual({ defaultAction: 'Deny', bypass: 'AzureServices' });
  });

  test('each workspace has one export, to the archive, of tables that it can have', () => {
    expect(exports.map(({ name }) => name.replace(/-[a-z0-9]{13}\//, '/'))).toEqual([
      'log/export',
      ...ofModule('security-events', ['log-security/export']),
    ]);
    const known = [...Object.keys(schema.tables), 'SecurityAlert', 'SecurityIncident'];
    for (const { properties } of exports) {
      expect(properties).toMatchObject({ enable: true, destination: { resourceId: account?.id } });
      expect(known).toEqual(expect.arrayContaining(properties?.tableNames as string[]));
    }
  });
});

testWithCompiler(
  'the archive is locked for good only where the file says so, with the days of the file',
  async (compiler) => {
    const folder = await copyInfra();
    const config = '{ level: 5, dataExport: { immutableDays: 30, locked: true } }';
    const [account] = ofType(await predict(compiler, folder, { config }), 'Microsoft.Storage/storageAccounts');
    expect(account?.properties?.immutableStorageWithVersioning).toMatchObject({
      immutabilityPolicy: { state: 'Locked', immutabilityPeriodSinceCreationInDays: 30 },
    });
  },
);

testWithCompiler('without security events the telemetry is archived all the same', async (compiler) => {
  const folder = await copyInfra();
  const off = ofModule('security-events', ["'security-events'"]);
  const config = `{ level: 5, modules: { remove: [${off.join()}] } }`;
  const snapshot = await predict(compiler, folder, { config });
  expect(ofType(snapshot, 'Microsoft.OperationalInsights/workspaces/dataExports')).toHaveLength(1);
});
