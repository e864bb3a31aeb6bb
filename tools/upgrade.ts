import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareTemplate, type Fate, toTakeOver } from './upgrade/compare-template.ts';
import { fileHashes } from './upgrade/file-hashes.ts';
import {
  readTemplate,
  readTemplateManifest,
  type Template,
  writeTemplateManifest,
} from './upgrade/template-manifest.ts';

const help = `npm run upgrade -- --to <folder or git URL> [--ref <tag>] [--done] [--json]

Compares this project with another version of the template that it was made of, and with .template.json, which holds what
the template was then. It tells which files the template changed, which you changed, and which both, and changes nothing.

  --to <folder or git URL>  the other version; from a URL git clones it into a temporary folder
  --ref <tag>               the tag or branch to clone, instead of the default one
  --done                    you have taken over what you want: writes .template.json anew, so that the next comparison
                            begins with this version
  --json                    one object: the files of each kind

Exit code: 0 nothing to take over, 1 there is something, 2 wrong usage.
`;

const root = join(import.meta.dirname, '..');

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

function readCommandLine() {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const options = { to: text, ref: text, done: flag, json: flag, help: { ...flag, short: 'h' } } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return refuse(`${(error as Error).message.split('. ')[0]}. Add --help for more.`);
  }
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

/** The folder with the other version. A clone goes at the end unless there is something to take out of it. */
function openOther(to: string, ref: string | undefined): { folder: string; isClone: boolean } {
  if (isFolder(to) && ref === undefined) return { folder: resolve(to), isClone: false };
  const folder = mkdtempSync(join(tmpdir(), 'template-'));
  const branch = ref === undefined ? [] : ['--branch', ref];
  try {
    const env = { ...process.env, GIT_TERMINAL_PROMPT: '0' };
    execFileSync('git', ['clone', '--quiet', '--depth', '1', ...branch, '--', to, folder], { env, stdio: 'pipe' });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    if (code === 'ENOENT') refuse('git is not installed: give --to the folder of the other version.');
    refuse(`${to} is no folder, and git cannot clone it: ${`${stderr}`.trim().split('\n').at(-1)}`);
  }
  return { folder, isClone: true };
}

const says: Record<Exclude<Fate, 'unchanged' | 'you'>, string> = {
  template: 'Changed by the template, not by you. Copy them',
  new: 'New in the template. Copy them',
  removed: 'Removed by the template, not changed by you. Delete them',
  both: 'Changed by the template, and by you or "npm run init". Merge them: git diff --no-index <file> <its copy>',
  deleted: 'Deleted by you, changed by the template. Nothing to do',
};

function tell(fates: Record<Fate, string[]>, folder: string): void {
  for (const [fate, sentence] of Object.entries(says)) {
    const paths = fates[fate as Fate];
    if (paths.length > 0) process.stdout.write(`${sentence}:\n${paths.map((path) => `  ${path}\n`).join('')}\n`);
  }
  process.stdout.write(
    `Unchanged by the template: ${fates.unchanged.length + fates.you.length} files, of which you changed ${fates.you.length}.\n`,
  );
  if (isWork(fates))
    process.stdout.write(`The other version is in ${folder}
Afterwards run "npm install", "npm run generate" and "npm test", then this command again with --done.
`);
}

const isWork = (fates: Record<Fate, string[]>) => toTakeOver.some((fate) => fates[fate].length > 0);

const { to, ref, done, json, help: asksHelp } = readCommandLine();
if (asksHelp) {
  process.stdout.write(help);
  process.exit(0);
}
if (to === undefined) refuse('Say which version to compare with: --to <folder or git URL>. Add --help for more.');
const manifest = readTemplateManifest(root);
if (!manifest)
  refuse('There is no .template.json here: "npm run init" writes it when it makes a project of the template.');
const { folder, isClone } = openOther(to, ref);
const other: Template | undefined = readTemplate(folder);
let exitCode = 2;
if (other?.name !== manifest.name) {
  process.stderr.write(`${to} is ${other ? `"${other.name}"` : 'no project'}: give the template "${manifest.name}".\n`);
} else if (done) {
  writeTemplateManifest(root, other, (path) => path in manifest.init);
  process.stderr.write(`.template.json is that of ${other.version} now.\n`);
  exitCode = 0;
} else {
  const fates = compareTemplate(manifest, fileHashes(root), other.files);
  if (json)
    process.stdout.write(`${JSON.stringify({ from: manifest.version, to: other.version, folder, ...fates })}\n`);
  else tell(fates, folder);
  exitCode = isWork(fates) ? 1 : 0;
}
if (isClone && exitCode !== 1) rmSync(folder, { recursive: true, force: true });
process.exitCode = exitCode;
