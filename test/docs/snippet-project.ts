import { execFile } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { blocksOf, type CodeBlock, changed, commandsOf } from './code-blocks.ts';
import { root, textOf } from './pages.ts';

const templates = join(root, 'operator/init/templates');
const ofBusiness = /(?:^|\/)business\/([^/]+)\//;

/** Where the reader of a page finds an unnamed block of its: beside the page. */
const placeOf = (page: string, { file }: CodeBlock, at: number) => file ?? join(dirname(page), `block-${at}.ts`);
const isCode = ({ language, file, quoted }: CodeBlock) =>
  !quoted && (language === 'ts' || (language === 'diff' && file?.endsWith('.ts') === true));

/** The business that the code of a page belongs to; undefined when it belongs to none. */
const businessOf = (blocks: readonly CodeBlock[]) =>
  blocks.filter(isCode).flatMap(({ file = '' }) => ofBusiness.exec(file)?.slice(1) ?? [])[0];

/** Writes the business that `npm run init` makes and the page goes on with, if it does; without `operator/` there is none. */
export async function writeBusinessOf(folder: string, page: string): Promise<void> {
  const blocks = blocksOf(textOf(page));
  const business = businessOf(blocks);
  if (business !== undefined && existsSync(templates)) await writeBusiness(folder, business, partsIn(blocks));
}

/** Lays out the businesses in a folder as `npm run init` does, without the imports that theirs do not need. */
export async function layOut(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
  const biome = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), ...args], {
      cwd: folder,
    });
  await biome('lint', '--vcs-enabled=false', '--write', '--unsafe', '--only=correctness/noUnusedImports', '.');
  await biome('check', '--vcs-enabled=false', '--write', '--linter-enabled=false', '.');
}

/**
 * Does to the folder what the page says: writes its files and changes others. Returns what was left out, because a part of
 * the project that it needs was deleted.
 */
export function writeSnippets(folder: string, page: string): string[] {
  const blocks = blocksOf(textOf(page));
  if (businessOf(blocks) !== undefined && !existsSync(templates)) return [page];
  // What else the page writes may import the file of such a block.
  if (!blocks.filter(isCode).every(isInstalled)) return [page];
  const leftOut: string[] = [];
  for (const [at, block] of blocks.entries()) {
    if (block.language === 'sh') removeAsTold(folder, block);
    if (!isCode(block)) continue;
    const path = placeOf(page, block, at);
    if (isPossible(path)) write(folder, path, block.language === 'diff' ? patched(folder, block) : block.text);
    else leftOut.push(`${page}: ${path}`);
  }
  return leftOut;
}

/** Not without `local/`, if the file is in it. */
const isPossible = (path: string): boolean => !path.startsWith('local/') || existsSync(join(root, 'local'));

/** Whether the packages that a block imports are there: they may come with `local/`. */
function isInstalled({ text }: CodeBlock): boolean {
  const packages = [...text.matchAll(/from '((?:@[\w.-]+\/)?[\w-]+)[^']*'/g)].map(([, name = '']) => name);
  return packages.filter((name) => name !== 'node').every((name) => existsSync(join(root, 'node_modules', name)));
}

function patched(folder: string, { file = '', text }: CodeBlock): string {
  const own = join(folder, file);
  return changed(readFileSync(existsSync(own) ? own : join(root, file), 'utf8'), text, file);
}

function removeAsTold(folder: string, block: CodeBlock): void {
  const files = commandsOf(block).flatMap((line) => (line.startsWith('rm ') ? line.split(' ').slice(1) : []));
  for (const file of files) rmSync(join(folder, file), { force: true });
}

/** What `npm run init` is told in the page; everything where it is not named. */
function partsIn(blocks: readonly CodeBlock[]): ReadonlySet<string> {
  const command = blocks.flatMap(commandsOf).find((line) => line.startsWith('npm run init')) ?? '';
  const parts = [...command.matchAll(/--(api|worker|topic)\b/g)].map(([, part = '']) => part);
  return new Set(parts.length > 0 ? parts : ['api', 'worker', 'topic']);
}

interface Scaffold {
  readName(given: string): object;
  renamed(template: string, name: object): string;
  renamedPath(path: string, name: object): string;
  onlyWith(template: string, parts: ReadonlySet<string>): string;
}

/** Imported by a computed path, because `operator/` may be deleted. */
async function writeBusiness(folder: string, business: string, parts: ReadonlySet<string>): Promise<void> {
  const part = (name: string) => import(pathToFileURL(join(root, `operator/init/${name}.ts`)).href);
  const { readName, renamed, renamedPath, onlyWith }: Scaffold = {
    ...(await part('business-name')),
    ...(await part('parts')),
  };
  const name = readName(business);
  for (const path of globSync('**/*.ts', { cwd: templates }).map((found) => found.replaceAll('\\', '/'))) {
    const text = renamed(onlyWith(readFileSync(join(templates, path), 'utf8'), parts), name);
    if (text.trim() !== '') write(folder, renamedPath(path, name), text);
  }
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** The settings of the compiler under which a file of these folders finds the rest of the project where it would lie. */
export function writeCompilerSettings(folder: string, overlays: readonly string[]): void {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const settings = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { rootDirs: [root, ...overlays], types: ['node'] },
    include: overlays,
  };
  write(folder, 'tsconfig.json', JSON.stringify(settings));
  write(folder, 'package.json', JSON.stringify({ type: 'module' }));
}
