import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import { readJsonFile } from '../../src/config/json-file.ts';
import type { Level } from '../../src/config/manifest.ts';
import { answersSchema } from '../../tools/assess/assessment.ts';
import { recommend } from '../../tools/assess/recommend.ts';
import { manifestFile, readTemplate, writeTemplateManifest } from '../../tools/upgrade/template-manifest.ts';
import { runAssess } from '../assess/run-assess.ts';
import { CommandRefused, exitCodes } from '../command-refused.ts';
import { openTerminal, type Terminal } from '../terminal.ts';
import { finish } from './finish.ts';
import { type InitArguments, readInitArguments, readNewArguments } from './init-arguments.ts';
import { nameProject } from './name-project.ts';
import { openProject, type Project } from './project.ts';
import { removeHistory, removeSample } from './remove-template.ts';
import { checkBusiness, writeBusiness } from './scaffold.ts';
import { checkWorkTree } from './work-tree.ts';

/** `npm run init`. Throws `CommandRefused` or `ConfigError` before anything is changed. */
export async function runInit(argv: readonly string[], root: string): Promise<number> {
  const given = readInitArguments(argv);
  const level = levelOf(given);
  const terminal = openTerminal({ plain: given.json });
  const template = readTemplate(root);
  const isTemplate = !openProject(root).has(manifestFile);
  await carryOut(root, given, terminal, async (project) => {
    if (!given.keepSample) removeSample(project);
    removeHistory(project);
    nameProject(project, given.name);
    if (given.answers !== undefined) await runAssess(['--answers', given.answers, '--apply'], root);
    else if (level !== undefined)
      project.edit('observability.json', (text) => applyEdits(text, modify(text, ['level'], level, {})));
  });
  if (level === undefined && !given.deleted.includes('operator')) await offerAssess(given, terminal, root);
  if (template && isTemplate) writeTemplateManifest(root, template);
  return exitCodes.done;
}

/** `npm run new`. Throws `CommandRefused` before anything is changed. */
export async function runNew(argv: readonly string[], root: string): Promise<number> {
  const given = readNewArguments(argv);
  await carryOut(root, given, openTerminal({ plain: given.json }), async () => {});
  return exitCodes.done;
}

/** The level that is asked for. Throws when its modules are to be deleted, or when the answers cannot be read. */
function levelOf({ level, answers, upTo }: InitArguments): Level | undefined {
  const chosen = answers === undefined ? level : recommend(readJsonFile({ name: answers }, answersSchema)).level;
  if (chosen !== undefined && upTo !== undefined && chosen > upTo)
    throw new CommandRefused(`--up-to ${upTo} deletes what level ${chosen} needs: raise the one or lower the other.`);
  return chosen;
}

async function offerAssess({ upTo }: InitArguments, terminal: Terminal, root: string): Promise<void> {
  const answer = upTo === undefined && (await terminal.ask?.('Choose the level by four questions now? [y/N] '));
  if (answer && /^y/i.test(answer.trim())) await runAssess(['--apply'], root);
  else
    terminal.tell('  npm run assess                  chooses the level; until then it is that of observability.json');
}

async function carryOut(
  root: string,
  { name, parts, force, json, deleted: toDelete }: Pick<InitArguments, 'name' | 'parts' | 'force' | 'json' | 'deleted'>,
  terminal: Terminal,
  prepare: (project: Project) => Promise<void>,
): Promise<void> {
  const project = openProject(root);
  checkBusiness(project, name, parts);
  // Read now: `--without operator` deletes it.
  const next = readFileSync(join(import.meta.dirname, '../help/after-init.txt'), 'utf8');
  const notice = force ? undefined : await checkWorkTree(root);
  if (notice) terminal.tell(notice);

  await prepare(project);
  writeBusiness(project, name, parts);
  terminal.tell('Writing what is generated. This takes some seconds.');
  const deleted = await finish(project, toDelete);

  const [written, changed] = [project.changes.written.filter(project.has), project.changes.changed.filter(project.has)];
  const removed = [...project.changes.removed, ...deleted];
  if (json) {
    await terminal.print(JSON.stringify({ name: name.plural, parts: [...parts], written, changed, removed }));
    return;
  }
  for (const [what, paths] of Object.entries({ written, changed, removed }))
    for (const path of paths) await terminal.print(`${what}  ${path}`);
  const told = next.replaceAll('<name>', name.plural);
  const fits = (line: string) =>
    (toDelete.length > 0 || !/install/.test(line)) && (project.has('local') || !/start|send/.test(line));
  for (const line of told.trimEnd().split('\n').filter(fits)) terminal.tell(line);
}
