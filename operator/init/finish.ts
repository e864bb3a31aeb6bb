import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Project } from './project.ts';

const run = promisify(execFile);

/**
 * Formats what was written, without imports that this business does not need, deletes the parts that `npm run delete` is
 * told, and writes what is generated from the rest. Answers the modules and folders that were deleted.
 */
export async function finish({ root, has, changes }: Project, deleted: readonly string[]): Promise<string[]> {
  const sources = [...changes.written, ...changes.changed].filter((path) => /\.(ts|json)$/.test(path) && has(path));
  const tool = (path: string, ...args: string[]) =>
    run(process.execPath, [join(root, path), ...args], { cwd: root, maxBuffer: 1e8 });
  const biome = 'node_modules/@biomejs/biome/bin/biome';
  await tool(biome, 'lint', '--write', '--unsafe', '--only=correctness/noUnusedImports', ...sources);
  await tool(biome, 'check', '--write', ...sources);
  const { stdout } = await (deleted.length === 0
    ? tool('tools/generate.ts')
    : tool('tools/delete.ts', '--force', ...deleted));
  return /^Deleted: (.+)\.$/m.exec(stdout)?.[1]?.split(', ') ?? [];
}
