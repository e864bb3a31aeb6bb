import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { levels } from '../src/observability/levels.ts';
import { registry } from '../src/observability/registry.ts';
import { deleteMentions } from './delete/delete-mentions.ts';
import { deleteParts, type Folder, folders } from './delete/delete-parts.ts';
import { uncommittedChanges } from './uncommitted-changes.ts';

const help = `npm run delete -- [<module> …] [--up-to <level>] [local] [operator] [--force]

Deletes parts of this project for good, as docs/guides/delete.md says: modules with what needs them, every module above a
level, the folder local/ or operator/. Then it generates and formats what is left. Only git brings back what went.

  --force   also in a work tree with changes that are not committed
`;

const root = join(import.meta.dirname, '..');
const manifests = registry.map(({ manifest }) => manifest);

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

function run(file: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(1);
}

function readCommandLine() {
  const options = {
    'up-to': { type: 'string' },
    force: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return refuse(`${(error as Error).message.split('. ')[0]}. Add --help for more.`);
  }
}

const { values, positionals } = readCommandLine();
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const upTo = values['up-to'];
const isFolder = (name: string): name is Folder => Object.hasOwn(folders, name);
const modules = positionals.filter((name) => !isFolder(name));
const unknown = modules.find((name) => !manifests.some((manifest) => manifest.name === name));
if (unknown)
  refuse(
    `There is no "${unknown}": name ${[...manifests.map(({ name }) => name), ...Object.keys(folders)].join(', ')}.`,
  );
if (upTo !== undefined && !Object.hasOwn(levels, upTo))
  refuse(`--up-to takes a level: ${Object.keys(levels).join(', ')}.`);
if (positionals.length === 0 && upTo === undefined) refuse('Say what to delete. Add --help for more.');
if (!values.force && (await uncommittedChanges(root)))
  refuse('The work tree has changes that are not committed: commit them first, or add --force.');

const gone = deleteParts(root, manifests, {
  modules,
  folders: positionals.filter(isFolder),
  upTo: upTo === undefined ? undefined : (Number(upTo) as keyof typeof levels),
});
run('tools/generate.ts');
deleteMentions(root);
run('node_modules/@biomejs/biome/bin/biome', 'check', '--write', '.');
const deleted = [...gone, ...positionals.filter(isFolder)];
process.stdout.write(deleted.length > 0 ? `Deleted: ${deleted.join(', ')}.\n` : 'No module is above that level.\n');
process.stderr.write('Now run "npm install" and "npm run check", and read "git diff" and docs/guides/delete.md.\n');
