import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { levels } from '../src/observability/levels.ts';
import { registry } from '../src/observability/registry.ts';
import { deleteMentions } from './delete/delete-mentions.ts';
import { deleteParts, type Folder, folders } from './delete/delete-parts.ts';

const help = `npm run delete -- [<module> …] [--up-to <level>] [local] [operator]

Deletes parts of this project for good, as docs/guides/delete.md says: modules with what needs them, every module above a
level, the folder local/ or operator/. Then it generates and formats what is left. Commit first: git alone brings it back.
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

const { values, positionals } = parseArgs({
  options: { 'up-to': { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
});
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

const gone = deleteParts(root, manifests, {
  modules,
  folders: positionals.filter(isFolder),
  upTo: upTo === undefined ? undefined : (Number(upTo) as keyof typeof levels),
});
run('tools/generate.ts');
deleteMentions(root);
run('node_modules/@biomejs/biome/bin/biome', 'check', '--write', '.');
process.stdout.write(`Deleted: ${[...gone, ...positionals.filter(isFolder)].join(', ')}.\n`);
process.stderr.write('Now run "npm install", "npm run check" and "npm test", and read "git diff".\n');
