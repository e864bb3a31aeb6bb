import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const mutantSchema = z.strictObject({
  defect: z.string().min(1),
  file: z.string().min(1),
  find: z.string().min(1),
  replace: z.string(),
  caughtBy: z.string().endsWith('.test.ts'),
});
export type Mutant = z.infer<typeof mutantSchema>;

const lists = [
  'test/mutants.json',
  'test/business/*/mutants.json',
  'local/business/*/mutants.json',
  'local/dashboard/page/mutants.json',
  'local/extraction/mutants.json',
];

/**
 * The one-line defects that the tests must notice. Each business, the page and the measurement of rules have a list in their own folder, which goes
 * with it. Throws
 * when a file does not hold such a list.
 */
export async function readMutants(root: string): Promise<Mutant[]> {
  const paths = globSync(lists, { cwd: root }).toSorted();
  const read = async (path: string) =>
    z.array(mutantSchema).parse(JSON.parse(await readFile(join(root, path), 'utf8')));
  return (await Promise.all(paths.map(read))).flat();
}

/** Returns the text when it holds `find` exactly once; throws otherwise, because the defect would not be the one meant. */
export function findOnce(text: string, file: string, find: string): string {
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`mutants.json: ${file} holds ${times} times, not once: ${find}`);
  return text;
}
