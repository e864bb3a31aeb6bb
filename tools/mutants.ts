import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findOnce, type Mutant, readMutants } from './mutants/read-mutants.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
if (values.help) {
  console.log(
    'npm run mutants [-- <text in the file or the defect> …]\nApplies each defect of the files mutants.json to a copy and names the test that fails.',
  );
  process.exit(0);
}

const root = resolve(import.meta.dirname, '..');
const notCopied = new Set(['node_modules', '.git', 'dist', '.local', '.state', '.bicep']);
const wanted = ({ file, defect }: Mutant) =>
  positionals.length === 0 || positionals.some((text) => file.includes(text) || defect.includes(text));

/** The names of the tests that failed; throws when the runner itself could not run. */
async function failingTests(copy: string, testFile: string): Promise<string[]> {
  const report = join(copy, '.mutant-report.json');
  await rm(report, { force: true });
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    testFile,
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore' });
  await new Promise((done) => child.once('exit', done));
  const { testResults } = JSON.parse(await readFile(report, 'utf8')) as {
    testResults: { message: string; assertionResults: { fullName: string; status: string }[] }[];
  };
  const statuses = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  // A hook that the defect lets fail skips the tests too; then the file has a message.
  const skipsAll =
    testResults.every(({ message }) => !message) &&
    statuses.length > 0 &&
    statuses.every((status) => status !== 'passed' && status !== 'failed');
  if (testResults.length === 0 || skipsAll) throw new Error(`${testFile} holds no test, or all were skipped.`);
  return testResults.flatMap(({ message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
    return failed.length === 0 && message ? [`the file does not load: ${message.split('\n')[0]}`] : failed;
  });
}

async function judge(copy: string, { file, find, replace, caughtBy }: Mutant): Promise<string | undefined> {
  const path = join(copy, file);
  const original = await readFile(path, 'utf8');
  try {
    await writeFile(
      path,
      findOnce(original, file, find).replace(find, () => replace),
    );
    return (await failingTests(copy, caughtBy))[0];
  } finally {
    await writeFile(path, original);
  }
}

async function projectCopy(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'mutants-'));
  await cp(root, copy, { recursive: true, filter: (source) => !notCopied.has(source.slice(root.length + 1)) });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  return copy;
}

const mutants = (await readMutants(root)).filter(wanted);
const waiting = [...mutants];
let survivors = 0;

/** Takes one defect after the other; several run side by side, each in a copy of its own. */
async function judgeWhatWaits(): Promise<void> {
  const copy = await projectCopy();
  try {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const test = await judge(copy, mutant);
      if (!test) survivors++;
      console.log(
        `${test ? 'caught  ' : 'SURVIVED'}  ${mutant.file}: ${mutant.defect}\n          ${test ?? `not by ${mutant.caughtBy}`}`,
      );
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

// Most of the time a test waits for another process or for its own time limit.
await Promise.all(Array.from({ length: Math.min(2 * availableParallelism(), mutants.length) }, judgeWhatWaits));
console.log(`${mutants.length} defects, ${mutants.length - survivors} caught, ${survivors} survived`);
process.exitCode = survivors > 0 || mutants.length === 0 ? 1 : 0;
