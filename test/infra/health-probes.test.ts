import { expect, test } from 'vitest';
import { copyInfra, predict, testWithCompiler } from './bicep.ts';
import { containerApp, snapshots } from './snapshots.ts';

test('probes ask the port that the service listens on: life of the process alone, readiness of what it needs', () => {
  const apps = Object.values(snapshots).flatMap((snapshot) =>
    (['app', 'worker'] as const).flatMap((kind) => containerApp(snapshot, kind) ?? []),
  );
  expect(apps.length).toBeGreaterThan(1);
  for (const { env, container, configuration } of apps) {
    const port = Number(env.PORT);
    expect(container.probes.map(({ type, httpGet }) => [type, httpGet?.path, httpGet?.port])).toEqual([
      ['Startup', '/health/live', port],
      ['Liveness', '/health/live', port],
      ['Readiness', '/health/ready', port],
    ]);
    if (configuration.ingress) expect(configuration.ingress.targetPort).toBe(port);
  }
});

testWithCompiler('both apps are probed from the first revision', async (compiler) => {
  const config = "{ level: 1, deployment: { topology: 'split' } }";
  const snapshot = await predict(compiler, await copyInfra(), { config });
  for (const kind of ['app', 'worker'] as const)
    expect(
      containerApp(snapshot, kind)?.container.probes.map(({ type, httpGet }) => `${type} ${httpGet?.path}`),
    ).toEqual(['Startup /health/live', 'Liveness /health/live', 'Readiness /health/ready']);
});
