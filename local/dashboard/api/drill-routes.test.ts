import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestedDashboard, testedDashboard, token } from '../dashboard.fixture.ts';
import type { DrillAnswer, DrilledLevel, DrillList, StartedDrill } from './contract.ts';

const messages = { sent: 90, delivered: 88, waiting: 0, deadLettered: 2, lost: 0, refused: 0 };
const found = (level: number): DrilledLevel => ({
  ...{ drill: 'calm', level, question: 'Is it quiet?', messages },
  fired: [{ rule: 'a-rule', afterSeconds: 60 }],
});
/** Speaks as `npm run drill` does: the drills of this checkout take minutes. */
const command = `
const [name, ...rest] = process.argv.slice(2);
if (name === 'list') process.stdout.write('  calm  levels 1, 4  Is it quiet?\\n  long  levels 2     Does it end?\\n');
else if (name === 'long') setInterval(() => undefined, 1_000);
else {
  const [, levels = '1,4'] = /--levels=(.*)/.exec(rest.join(' ')) ?? [];
  if (levels === '3') { process.stderr.write('no such level'); process.exit(2); }
  const found = ${JSON.stringify(found(0))};
  for (const level of levels.split(',')) console.log(JSON.stringify({ ...found, level: Number(level), missed: ['b-rule'] }));
  process.exitCode = 1;
}`;

let root: string;
let tested: TestedDashboard;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'drills é '));
  await mkdir(join(root, 'local/cli'), { recursive: true });
  await mkdir(join(root, 'docs'));
  await writeFile(join(root, 'local/cli/drill.ts'), command);
  await writeFile(
    join(root, 'docs/failures.json'),
    JSON.stringify({ recordedOn: '2026-11-30', failures: [found(1), found(4)] }),
  );
  tested = await testedDashboard({ root });
});
afterAll(async () => {
  await tested.stop();
  await rm(root, { recursive: true, force: true });
});

const drill = async (name: string) => (await tested.get<DrillAnswer>(`/api/drills/${name}`)).data;
const start = (name: string, body: object) => tested.send<StartedDrill>('POST', `/api/drills/${name}/runs`, body);

test('every drill of the command is listed, with what was recorded of it', async () => {
  const { data } = await tested.get<DrillList>('/api/drills');
  expect(data).toEqual({
    recordedOn: '2026-11-30',
    drills: [
      { name: 'calm', question: 'Is it quiet?', levels: [1, 4], recorded: [found(1), found(4)] },
      { name: 'long', question: 'Does it end?', levels: [2], recorded: [] },
    ],
    runs: [],
  });
  expect(await drill('calm')).toMatchObject({ name: 'calm', recorded: [{ level: 1 }, { level: 4 }] });
  expect((await tested.ask('GET', '/api/drills/none')).text).toContain('Choose one of calm, long.');
});

test('a run is a process of its own, whose findings are kept, and a finding is no failure', async () => {
  const started = await start('calm', { levels: [1] });
  expect(started).toMatchObject({ status: 202, body: { data: { drill: 'calm', levels: [1], state: 'running' } } });
  await vi.waitFor(async () => expect((await drill('calm')).runs[0]?.state).toBe('done'), 10_000);
  const [run] = (await drill('calm')).runs;
  expect(run?.reports).toEqual([{ ...found(1), missed: ['b-rule'] }]);
});

test('one runs at a time, is told live, and can be stopped', async () => {
  const { body } = await start('long', {});
  expect(await start('calm', {})).toMatchObject({ status: 409, body: { detail: 'long has not ended.' } });
  const live = await fetch(new URL('/api/live?topics=drills', tested.url));
  const reader = live.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('"drill":"long"')) text += (await reader?.read())?.value ?? '';
  await reader?.cancel();
  expect(text).toContain('"state":"running"');
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const stopped = await tested.ask('DELETE', `/api/drill-runs/${body.data.id}`, { headers });
  expect(stopped.text).toContain('"state":"stopped"');
  await vi.waitFor(async () => expect((await start('calm', { levels: [3] })).status).toBe(202), 10_000);
  await vi.waitFor(async () => {
    const [run] = (await drill('calm')).runs;
    expect(run).toMatchObject({ state: 'failed', why: 'no such level' });
  }, 10_000);
  expect((await start('calm', { levels: [9] })).status).toBe(400);
});

test('without the command what was recorded is shown, and a run is refused in words', async () => {
  await rm(join(root, 'local'), { recursive: true });
  const { data } = await tested.get<DrillList>('/api/drills');
  expect(data.drills).toMatchObject([{ name: 'calm', levels: [1, 4] }]);
  expect(data.unavailable).toContain('local/cli/drill.ts');
  expect(await start('calm', {})).toMatchObject({ status: 501 });
});
