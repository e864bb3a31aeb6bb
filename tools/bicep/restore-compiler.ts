import { execFile } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROJECT = join(import.meta.dirname, 'compiler.csproj');

/** The compiler that the committed files were made with; the same version stands in `compiler.csproj`. */
export const COMPILER_VERSION = '0.49.2';

/** Where a restored compiler is kept. */
export interface CompilerFolder {
  /** The NuGet packages, kept between runs. */
  packages: string;
  /** NuGet's own notes, of no use afterwards. */
  notes: string;
}

/** `.local/bicep` in the checkout, or the system's temporary folder where the checkout is read-only. */
export const compilerFolder = (root = join(import.meta.dirname, '..', '..')): CompilerFolder => {
  const inside = join(root, '.local', 'bicep');
  const outside = join(tmpdir(), 'azure-observability-starter-bicep');
  for (const folder of [inside, outside]) {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      return { packages: join(folder, 'nuget'), notes: join(folder, 'obj') };
    } catch {
      // Not writable: the next one.
    }
  }
  return { packages: join(outside, 'nuget'), notes: join(outside, 'obj') };
};

/**
 * Restores the compiler from NuGet with the .NET SDK (a few seconds the first time, about 230 MB on disk).
 * Answers `undefined` when it worked, else the reason in words; never throws.
 */
export const restoreCompiler = async ({
  env = process.env,
  folder = compilerFolder(),
}: {
  env?: NodeJS.ProcessEnv;
  folder?: CompilerFolder;
} = {}): Promise<string | undefined> => {
  // NuGet locks its own package folder, so that two test files may restore at the same moment; the notes are one's own.
  const notes = join(folder.notes, String(process.pid), '/');
  try {
    await run('dotnet', ['restore', PROJECT, '--packages', folder.packages, `-p:BaseIntermediateOutputPath=${notes}`], {
      env: { ...env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' },
      timeout: 120_000,
    });
    return undefined;
  } catch (error) {
    const { code, stdout } = error as { code?: string | number; stdout?: string };
    if (code === 'ENOENT') return 'the .NET SDK is not installed';
    return /error (NU\d+: [^\n[]+)/.exec(stdout ?? '')?.[1]?.trim() ?? 'dotnet restore failed';
  } finally {
    await rm(notes, { recursive: true, force: true });
  }
};
