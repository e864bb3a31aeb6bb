import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failuresFile } from '../../tools/generate/failures-page.ts';
import type { DrillReport } from './drill-report.ts';
import { writeFailures } from './record-failures.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'failures '));
  await mkdir(join(root, 'docs'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const report = (drill: string, level: number, delivered: number): DrillReport => ({
  ...{ drill, level, question: 'What?', missed: [], unexpected: [], broken: [], layout: [], tookSeconds: 40 },
  messages: { sent: 9, delivered, waiting: 0, deadLettered: 9 - delivered, lost: 0, refused: 0 },
  fired: [{ rule: 'dead-letters', afterSeconds: 300, of: 'parcels', why: 'it fails' }],
  firstToKnow: { who: 'the operators', afterSeconds: 300 },
  recoveredAfterSeconds: 1,
  seen: [{ question: 'Which calls fail?', query: 'AppDependencies', answer: '3 failed calls of parcels' }],
});
const recorded = async () => JSON.parse(await readFile(join(root, failuresFile), 'utf8'));

test('what a drill found takes the place of what it found before, and other drills stay', async () => {
  await writeFailures(root, [report('b', 4, 1), report('b', 1, 2)], new Date('2026-11-29T10:00:00Z'));
  await writeFailures(root, [report('a', 1, 3)]);
  await writeFailures(root, [report('b', 4, 5)], new Date('2026-11-30T10:00:00Z'));
  const { recordedOn, failures } = await recorded();
  expect(recordedOn).toBe('2026-11-30');
  const shown = failures.map(({ drill, level, messages }: DrillReport) => [drill, level, messages.delivered]);
  expect(shown).toEqual([
    ['a', 1, 3],
    ['b', 4, 5],
  ]);
});

test('only what the page shows is kept: no names of queues, no queries, no times of the machine', async () => {
  await writeFailures(root, [report('a', 1, 3)]);
  const [failure] = (await recorded()).failures;
  expect(Object.keys(failure)).toEqual([
    ...['drill', 'level', 'question', 'messages', 'fired', 'firstToKnow', 'recoveredAfterSeconds', 'seen'],
  ]);
  expect(failure.seen).toEqual([{ question: 'Which calls fail?', answered: true }]);
  expect(failure.fired).toEqual([{ rule: 'dead-letters', afterSeconds: 300 }]);
});
