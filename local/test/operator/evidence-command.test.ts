import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startApplicationInsights, workspaceFunctions } from '../../application-insights/index.ts';
import { startControl } from '../../control/index.ts';
import { startDestination } from '../../destination/index.ts';
import { azureRows } from '../../kql/azure-rows.fixture.ts';
import { createEngine } from '../../kql/index.ts';
import { importOperator } from './import-operator.ts';

const token = 'the token of this test';
const { exception, metric } = azureRows(new Date());
const failed = exception({ minutesAgo: 1, Properties: { message: 'message handler failed', messageId: 'a' } });

/** A project at this level, the run file of an Application Insights with one failed message, and the command. */
async function project(file: object, given: { token?: string } = {}) {
  const [insights, destination] = await Promise.all([
    startApplicationInsights(),
    startDestination({ destinations: {} }),
  ]);
  await insights.add([failed, metric({ minutesAgo: 0 })]);
  const kql = createEngine({ tables: insights.workspace, functions: workspaceFunctions() });
  const switches = { destination, ingestion: insights, 'service-bus': destination };
  const standIns = { switches, workspace: insights.workspace, kql, story: async () => [], ledger: () => [] };
  const control = await startControl({ token, standIns });
  const root = await mkdtemp(join(tmpdir(), 'evidence ü '));
  const run = {
    version: 1,
    pid: process.pid,
    level: 1,
    ingestion: insights.url,
    dashboard: control.url,
    token,
    ...given,
  };
  await writeFile(join(root, 'run.json'), JSON.stringify(run));
  await writeFile(join(root, 'observability.json'), JSON.stringify(file));
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += text;
      return true;
    }),
  );
  onTestFinished(async () => {
    for (const spy of spies) spy.mockRestore();
    kql.close();
    await Promise.all([control, insights, destination].map((part) => part.stop()));
    await rm(root, { recursive: true, force: true });
  });
  const { runAssess } = await importOperator('assess/run-assess.ts');
  const assess = (...argv: string[]): Promise<number> =>
    runAssess(['--evidence', '--run', join(root, 'run.json'), ...argv], root);
  return { assess, said };
}

test('a failed message asks for level 2, which is more than level 1: exit code 1, and why, in words', async () => {
  const { assess, said } = await project({ level: 1 });
  expect(await assess()).toBe(1);
  expect(said.stdout).toBe('');
  expect(said.stderr).toMatch(
    /^Dead letters in 7 days: 0; messages .* tells: 1\. "What happened to this message, and is it lost\?" is a question of Level 2 \(recoverable\)\.\n {2}Not known: .*\n/,
  );
  expect(said.stderr).toMatch(/Silences of more than 15 minutes in 7 days: 0 in 1 roles\.\n/);
  expect(said.stderr).toMatch(
    /What hurts today asks for Level 2 \(recoverable\); there are no answers yet; observability.json says 1\.\n$/,
  );
});

test('at level 2 the same is no finding; the answers stand beside it, and --json is one object', async () => {
  const answers = { failure: 'harmless', impact: 'internal', evolution: 'stable', pain: 'guessing', budget: 0 };
  const { assess, said } = await project({
    level: 2,
    assessment: { on: '2026-11-29', reviewBy: '2027-11-29', answers },
  });
  expect(await assess('--json')).toBe(0);
  expect(said.stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(said.stdout)).toMatchObject({
    ...{ level: 2, recommended: 3, asksFor: 2 },
    evidence: [
      { name: 'dead-letters', level: 2 },
      { name: 'failures' },
      { name: 'alerts' },
      { name: 'gaps' },
      { name: 'cost' },
    ],
  });
  expect(said.stderr).toContain('the answers ask for Level 3 (explained)');
});

test('without the token of the run the tables are not asked, and why is said', async () => {
  const { assess } = await project({ level: 1 }, { token: 'another' });
  await expect(assess()).rejects.toThrow(
    expect.objectContaining({ name: 'CommandRefused', message: expect.stringContaining('token of run.json') }),
  );
});
