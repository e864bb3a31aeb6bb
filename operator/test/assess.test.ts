import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Answers, answersSchema } from '../../tools/assess/assessment.ts';
import { questions } from '../../tools/assess/questions.ts';
import { recommend } from '../../tools/assess/recommend.ts';
import { readAssessArguments } from '../assess/assess-arguments.ts';
import { check } from '../assess/check.ts';
import { runAssess } from '../assess/run-assess.ts';
import { CommandRefused } from '../command-refused.ts';

const root = resolve(import.meta.dirname, '../..');
const harmless = { failure: 'harmless', impact: 'internal', evolution: 'stable', pain: 'none' };
const answers = (given: object = {}): Answers => answersSchema.parse({ ...harmless, ...given });
const now = new Date('2026-11-29T12:00:00Z');
const assessed = (given: object = {}, reviewBy = '2027-11-29') => ({
  on: '2026-11-29',
  reviewBy,
  answers: answers(given),
});

test('"we just use default Application Insights", internal and low-risk, gets level 1 with its three sentences', () => {
  const { level, sentences, overEngineering, underEngineering } = recommend(answers());
  expect(level).toBe(1);
  expect(sentences).toEqual([
    expect.stringContaining('Default Application Insights is fine today'),
    expect.stringContaining('lifecycle logging when routing becomes business-critical'),
    expect.stringContaining('Keep the architecture flexible'),
  ]);
  expect(overEngineering).toHaveLength(4);
  expect(underEngineering).toEqual([]);
});

test('financial or regulatory documents ask for at least level 4, whatever else is answered', () => {
  for (const failure of Object.keys(questions.failure.choices))
    for (const pain of Object.keys(questions.pain.choices))
      expect(recommend(answers({ failure, pain, impact: 'compliance' })).level).toBeGreaterThanOrEqual(4);
});

test('the highest level that an answer asks for counts, and the reasons are of the answers that ask for it', () => {
  expect(recommend(answers({ failure: 'work-lost', pain: 'guessing' }))).toMatchObject({
    level: 3,
    reasons: [questions.pain.choices.guessing.says],
    underEngineering: [
      expect.stringMatching(/^Level 1 .* would be under-engineering\. What fails is work that must be found/),
      expect.stringMatching(/^Level 2 .* would be under-engineering\. We cannot say what the business does/),
    ],
  });
});

test('what will change decides when to ask again, and not the level', () => {
  for (const evolution of ['stable', 'growing', 'critical-soon'])
    expect(recommend(answers({ evolution })).level).toBe(1);
});

test.each([
  [1, { impact: 'customers' }, 'under-engineered', /Level 1 .* is under-engineered: the answers ask for Level 2/],
  [2, { impact: 'customers' }, 'fits', undefined],
  [4, { impact: 'customers' }, 'over-engineered', /Level 4 .* over-engineered without a written reason/],
  [4, { impact: 'customers', reason: 'It was level 4 before.' }, 'over-engineered', undefined],
] as const)('level %i with %j is %s', (level, given, verdict, says) => {
  const found = check(level, assessed(given), '2026-12-01');
  expect(found).toMatchObject({ verdict, recommended: 2 });
  expect(found.findings).toEqual(says ? [expect.stringMatching(says)] : []);
});

test('answers that are missing or older than their review date are told, and fail nothing', () => {
  expect(check(3, undefined, '2026-12-01')).toMatchObject({
    verdict: 'not assessed',
    findings: [/was never assessed/].map((says) => expect.stringMatching(says)),
  });
  const old = check(1, assessed({}, '2026-11-30'), '2026-12-01');
  expect(old.verdict).toBe('fits');
  expect(old.findings).toEqual([expect.stringMatching(/were to be reviewed by 2026-11-30/)]);
  expect(check(1, assessed({}, '2026-12-01'), '2026-12-01').findings).toEqual([]);
});

/** A project with this `observability.json`, and the standard streams of the command. */
async function project(file: string) {
  const folder = await mkdtemp(join(tmpdir(), 'assess '));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'observability.json'), file);
  await mkdir(join(folder, 'infra'));
  await symlink(join(root, 'infra/snapshots'), join(folder, 'infra/snapshots'), 'junction');
  const said: string[] = [];
  const keep = (text: unknown) => said.push(String(text)) > 0;
  const spies = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
  for (const spy of spies) spy.mockImplementation(keep);
  onTestFinished(() => spies.forEach((spy) => void spy.mockRestore()));
  const answersIn = async (given: object) => {
    await writeFile(join(folder, 'answers.json'), JSON.stringify({ ...harmless, ...given }));
    return join(folder, 'answers.json');
  };
  const run = (...argv: string[]) => runAssess(argv, folder, now);
  const json = async () => JSON.parse(await readFile(join(folder, 'observability.json'), 'utf8'));
  return { folder, said, answersIn, run, json };
}

test('the answers go into the file, whose other keys keep their values, and a dated record into the decisions', async () => {
  const { folder, said, answersIn, run, json } = await project(
    '{\n  "level": 1,\n  "alerts": {"email":   "a@b.example"}\n}\n',
  );
  const path = await answersIn({ impact: 'customers', evolution: 'growing', budget: 1 });
  expect(await run('--answers', path)).toBe(0);
  expect(await json()).toMatchObject({
    level: 1,
    alerts: { email: 'a@b.example' },
    assessment: { on: '2026-11-29', reviewBy: '2027-05-29', answers: { impact: 'customers' } },
  });
  const record = await readFile(join(folder, 'docs/decisions/level-of-observability-2026-11-29.md'), 'utf8');
  expect(record).toMatch(/^# Level of observability, 2026-11-29\n\nStatus: accepted. Review by 2027-05-29/);
  expect(record).toContain('* Who feels the impact? Customers feel it, who ask what became of their message.');
  expect(record).toContain('* The project is at Level 1 (baseline). No reason was given.');
  for (const heading of ['## Context', '## Decision', '## Consequences']) expect(record).toContain(heading);
  expect(said.join('')).toMatch(/A month costs about \d+ to \d+ USD/);
  expect(said.join('')).toContain('That is more than the 1 that you named');
});

test('--apply sets the level, and --check then holds; a level below the answers makes it fail', async () => {
  const { folder, said, answersIn, run, json } = await project('{ "level": 1 }');
  const path = await answersIn({ impact: 'customers' });
  expect(await run('--answers', path, '--apply', '--json')).toBe(0);
  expect(JSON.parse(said.find((line) => line.startsWith('{')) ?? '')).toMatchObject({ level: 2, recommended: 2 });
  expect(await run('--check')).toBe(0);
  await writeFile(join(folder, 'observability.json'), JSON.stringify({ ...(await json()), level: 1 }));
  expect(await run('--check')).toBe(1);
});

test('wrong answers are explained, and nothing is written', async () => {
  const { run, answersIn, json } = await project('{ "level": 1 }');
  const path = await answersIn({ failure: 'harmles', surprise: 1 });
  await expect(run('--answers', path)).rejects.toThrow(/did you mean harmless\?[\s\S]*surprise: found an unknown key/);
  expect(await json()).toEqual({ level: 1 });
});

test('an assessment that was changed by hand into something else is explained', async () => {
  const { run } = await project('{ "level": 1, "assessment": { "on": "yesterday" } }');
  await expect(run('--check')).rejects.toThrow(/assessment in observability\.json: on: found "yesterday"/);
});

test('without a terminal the answers must come from a file', async () => {
  const { run } = await project('{ "level": 1 }');
  await expect(run()).rejects.toThrow(/--answers <file>/);
});

test.each([[['--check', '--apply']], [['--check', '--answers', 'a.json']], [['--levle']], [['now']]])(
  '%j is refused',
  (argv) => {
    expect(() => readAssessArguments(argv)).toThrow(CommandRefused);
  },
);
