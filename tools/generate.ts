import { join } from 'node:path';
import { parseArgs } from 'node:util';

const usage = `npm run generate [-- --check]

Writes every file that is made from the code: documentation, schemas, what Bicep loads and, with a Bicep compiler, what
it predicts.

  --check   writes nothing; exits 1 and names the files that are stale
  --help    shows this
`;

async function run({ check = false, help = false }): Promise<number> {
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  // Loaded here so that --help works whatever is broken in the project.
  const { allGenerated, allPredicted } = await import('./generate/all.ts');
  const { staleFiles, writeStale } = await import('./generate/generated.ts');
  const root = join(import.meta.dirname, '..');
  const handle = async (files: Awaited<ReturnType<typeof allGenerated>>) => {
    const paths = check ? (await staleFiles(root, files)).map(({ path }) => path) : await writeStale(root, files);
    const what = check ? 'stale, run "npm run generate" and commit it' : 'written';
    process.stdout.write(paths.map((path) => `${path}: ${what}\n`).join(''));
    return paths.length;
  };

  let changes = await handle(await allGenerated());
  const predicted = await allPredicted();
  if ('reason' in predicted) process.stderr.write(`Not predicted what Bicep deploys: ${predicted.reason}\n`);
  else {
    const predictions = await handle(predicted);
    changes += predictions;
    // The README has prices that are computed from the predictions.
    if (predictions > 0 && !check) changes += await handle(await allGenerated());
  }
  if (changes === 0) process.stdout.write('Every generated file is up to date.\n');
  return check && changes > 0 ? 1 : 0;
}

try {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean' } } });
  process.exitCode = await run(values);
} catch (error) {
  if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error;
  process.stderr.write(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
