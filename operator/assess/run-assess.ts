import { join } from 'node:path';
import { ConfigError, type Fault } from '../../src/config/faults.ts';
import { fileSchema } from '../../src/config/file-schema.ts';
import { checkValue, readJsonFile } from '../../src/config/json-file.ts';
import type { Level } from '../../src/config/manifest.ts';
import { levels } from '../../src/observability/levels.ts';
import { registry } from '../../src/observability/registry.ts';
import { type Answers, answersSchema, assessmentSchema } from '../../tools/assess/assessment.ts';
import { evolution } from '../../tools/assess/questions.ts';
import { type Recommendation, recommend, titleOf } from '../../tools/assess/recommend.ts';
import { priceOfLevel } from '../../tools/ladder/price-of-level.ts';
import { CommandRefused, exitCodes } from '../command-refused.ts';
import { openTerminal, type Terminal } from '../terminal.ts';
import { readAssessArguments } from './assess-arguments.ts';
import { check } from './check.ts';
import { askReason, interview } from './interview.ts';
import { runEvidence } from './run-evidence.ts';
import { writeDecision, writeIntoFile } from './write-assessment.ts';

/** Runs `npm run assess` on the project at `root` and returns its exit code. Throws `CommandRefused` or `ConfigError`. */
export async function runAssess(argv: readonly string[], root: string, now = new Date()): Promise<number> {
  const given = readAssessArguments(argv);
  const { answers: path, check: onlyCheck, apply, json } = given;
  const terminal = openTerminal({ plain: json });
  const file = readFile(root);
  const recommended = file.assessment && recommend(file.assessment.answers).level;
  if (given.evidence) return runEvidence(given, { ...file, root, recommended }, terminal);
  const today = now.toISOString().slice(0, 10);
  if (onlyCheck) {
    const verdict = check(file.level, file.assessment, today);
    if (json) await terminal.print(JSON.stringify(verdict));
    for (const finding of verdict.findings) terminal.tell(finding);
    if (verdict.findings.length === 0) terminal.tell(`${titleOf(file.level)} fits the answers.`);
    return verdict.verdict === 'under-engineered' ? exitCodes.finding : exitCodes.done;
  }
  const answers = path === undefined ? await ask() : readJsonFile({ name: path }, answersSchema);
  const recommendation = recommend(answers);
  const level = apply ? recommendation.level : file.level;
  tellRecommendation(terminal, recommendation, level);
  tellPrice(terminal, priceOfLevel(root, recommendation.level), answers.budget);
  if (level > recommendation.level && !answers.reason && path === undefined)
    answers.reason = await askReason(`Why ${titleOf(level)}? An empty answer is reported by --check.`);
  const assessment = { on: today, reviewBy: reviewDay(now, answers), answers };
  const chosen = { assessment, recommendation, level };
  const written = [await writeIntoFile(root, chosen), await writeDecision(root, chosen)];
  terminal.tell(`Written: ${written.join(', ')}.`);
  if (json)
    await terminal.print(JSON.stringify({ ...recommendation, level, recommended: recommendation.level, written }));
  return exitCodes.done;
}

function ask(): Promise<Answers> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY)
    throw new CommandRefused(
      'There is no terminal to ask at: give the answers with --answers <file>. Add --help for more.',
    );
  return interview();
}

/** The level and the assessment of `observability.json`. Throws `ConfigError`. */
function readFile(root: string) {
  const manifests = registry.map(({ manifest }) => manifest);
  const source = { name: 'observability.json', path: join(root, 'observability.json') };
  const { assessment, ...file } = readJsonFile(source, fileSchema(manifests, levels));
  const faults: Fault[] = [];
  const checked = assessment && checkValue(assessment, 'assessment in observability.json', assessmentSchema, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return { ...file, assessment: checked };
}

function tellRecommendation(terminal: Terminal, recommendation: Recommendation, level: Level): void {
  const { level: recommended, reasons, sentences, overEngineering, underEngineering } = recommendation;
  terminal.tell(`${titleOf(recommended)} is recommended. ${reasons.join(' ')}`);
  for (const sentence of [...sentences, ...underEngineering, ...overEngineering]) terminal.tell(`  ${sentence}`);
  if (level !== recommended)
    terminal.tell(`observability.json says ${level}: --apply sets it to ${recommended}. See docs/ladder.md.`);
}

function tellPrice(terminal: Terminal, price: ReturnType<typeof priceOfLevel>, budget: number): void {
  const { idle, active, currency } = price;
  terminal.tell(
    `  A month costs about ${Math.round(idle)} to ${Math.round(active)} ${currency} (docs/guides/cost.md).`,
  );
  if (budget > 0 && budget < idle)
    terminal.tell(`  That is more than the ${budget} that you named: a budget does not lower the level.`);
}

/** The last day on which the answers hold, by how soon they may be wrong. */
function reviewDay(now: Date, answers: Answers): string {
  const day = new Date(now);
  day.setUTCMonth(day.getUTCMonth() + evolution.choices[answers.evolution].reviewAfterMonths);
  return day.toISOString().slice(0, 10);
}
