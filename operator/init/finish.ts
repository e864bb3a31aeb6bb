import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Project } from './project.ts';

const run = promisify(execFile);

/** Formats what was written, without imports that this business does not need, and writes what is generated from it. */
export async function finish({ root, has, changes }: Project): Promise<void> {
  const sources = [...changes.written, ...changes.changed].filter((path) => /\.(ts|json)$/.test(path) && has(path));
  const biome = (...args: string[]) =>
    run(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), ...args, ...sources], { cwd: root });
  await biome('lint', '--write', '--unsafe', '--only=correctness/noUnusedImports');
  await biome('check', '--write');
  await run(process.execPath, [join(root, 'tools/generate.ts')], { cwd: root, maxBuffer: 1e8 });
}
