import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openLocalFolder, publishRun, type Run } from '../../run-file/index.ts';
import { importOperator } from './import-operator.ts';

const here = 'http://127.0.0.1:4600';
const run: Run = {
  ...{ version: 1, pid: process.pid, level: 2, serviceBus: 'Endpoint=sb://127.0.0.1', token: 'a token of some length' },
  ...{ service: here, dashboard: here, serviceBusAdmin: here, ingestion: here, destination: here },
};

test.each([
  ['in the checkout', true],
  ['outside of a checkout that cannot be written', false],
])('the commands find the run that npm start publishes %s', async (_, writable) => {
  const root = await mkdtemp(join(tmpdir(), 'checkout ü '));
  if (!writable) await writeFile(join(root, '.local'), 'in the way');
  const file = await publishRun(await openLocalFolder(root), run);
  try {
    const { findLocalRun } = await importOperator('local-run.ts');
    const { destination: _destination, ...known } = run;
    expect(await findLocalRun({ root })).toEqual(known);
  } finally {
    await rm(dirname(file?.path ?? ''), { recursive: true });
    await rm(root, { recursive: true, force: true });
  }
});
