import { exitCodes } from '../command-refused.ts';
import { finish } from './finish.ts';
import { type InitArguments, readInitArguments, readNewArguments } from './init-arguments.ts';
import { nameProject } from './name-project.ts';
import { openProject, type Project } from './project.ts';
import { removeHistory, removeSample } from './remove-template.ts';
import { checkBusiness, writeBusiness } from './scaffold.ts';
import { checkWorkTree } from './work-tree.ts';

/** `npm run init`. Throws `CommandRefused` before anything is changed. */
export async function runInit(argv: readonly string[], root: string): Promise<number> {
  const given = readInitArguments(argv);
  return carryOut(root, given, (project) => {
    if (!given.keepSample) removeSample(project);
    removeHistory(project);
    nameProject(project, given.name);
  });
}

/** `npm run new`. Throws `CommandRefused` before anything is changed. */
export async function runNew(argv: readonly string[], root: string): Promise<number> {
  return carryOut(root, readNewArguments(argv), () => {});
}

async function carryOut(root: string, given: InitArguments, prepare: (project: Project) => void): Promise<number> {
  const { name, parts, force, json } = given;
  const project = openProject(root);
  checkBusiness(project, name, parts);
  const notice = force ? undefined : await checkWorkTree(root);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  if (notice) say(notice);

  prepare(project);
  writeBusiness(project, name, parts);
  say('Writing what is generated. This takes some seconds.');
  await finish(project);

  const { written, changed, removed } = project.changes;
  if (json) {
    process.stdout.write(`${JSON.stringify({ name: name.plural, parts: [...parts], written, changed, removed })}\n`);
  } else {
    const list = (title: string, paths: readonly string[]) => paths.map((path) => `${title}  ${path}\n`).join('');
    process.stdout.write(list('written', written) + list('changed', changed) + list('removed', removed));
    say(nextSteps(name.plural));
  }
  return exitCodes.done;
}

const nextSteps = (name: string) => `
The business is in src/business/${name}, and docs/business/${name}.md says what it does. Next:
  npm run check
  npm test -- ${name}
  npm start                       and in a second terminal:
  npm run send -- --sample 20`;
