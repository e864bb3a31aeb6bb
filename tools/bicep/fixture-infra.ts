import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const fixture = join(import.meta.dirname, '..', '..', 'test', 'fixture-business');

/** The files of `infra/` that follow from the business, each with the file of the tests that takes its place. */
const replaced = {
  'queues.json': 'queues.json',
  'workload/businesses.json': 'businesses.json',
  'workload/business-settings.json': 'business-settings.json',
  'workload/example-request.json': 'example-request.json',
};

/** Puts the business of the tests in the place of a team's own into a copy of `infra/`. */
export async function putFixtureIn(infra: string): Promise<void> {
  for (const [path, own] of Object.entries(replaced)) await cp(join(fixture, own), join(infra, path));
}

/**
 * Hands `use` a copy of a checkout's `infra/` with the business of the tests, so that what is predicted from it says the same
 * whatever queues and variables a team has.
 */
export async function withFixtureInfra<Result>(root: string, use: (copy: string) => Promise<Result>): Promise<Result> {
  const copy = await mkdtemp(join(tmpdir(), 'infra-'));
  try {
    const isPrediction = (path: string) => path.endsWith('.snapshot.json');
    await cp(join(root, 'infra'), join(copy, 'infra'), { recursive: true, filter: (path) => !isPrediction(path) });
    await putFixtureIn(join(copy, 'infra'));
    return await use(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
