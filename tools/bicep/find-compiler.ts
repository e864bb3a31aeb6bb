import { execFile } from 'node:child_process';
import { access, constants, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { COMPILER_VERSION, type CompilerFolder, compilerFolder, restoreCompiler } from './restore-compiler.ts';

const run = promisify(execFile);

/** The oldest compiler that knows everything `infra/` uses; the same as `bicep.version` in `infra/bicepconfig.json`. */
export const OLDEST_COMPILER = '0.45.0';

/** A compiler that was found, or the sentence that says why there is none. */
export type Compiler = { path: string; version: string } | { path: undefined; reason: string };

interface Surroundings {
  env?: NodeJS.ProcessEnv;
  home?: string;
  platform?: NodeJS.Platform;
  folder?: CompilerFolder;
  restore?: boolean;
}

const isExecutable = async (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** Whether `version` is at least `oldest`; both are `major.minor.patch`. */
export const isAtLeast = (version: string, oldest: string): boolean =>
  version.localeCompare(oldest, 'en', { numeric: true }) >= 0;

const versionOf = async (path: string): Promise<string | undefined> => {
  try {
    const { stdout } = await run(path, ['--version'], {
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
    });
    return /(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
};

/** The places where the tools of Azure keep their own compiler, best first (bicep-compiler reference, section 6). */
export const knownPlaces = ({ env = process.env, home = homedir(), platform = process.platform } = {}): string[] => {
  const file = platform === 'win32' ? 'bicep.exe' : 'bicep';
  const az = env.AZURE_CONFIG_DIR || join(home, '.azure');
  const azd = env.AZD_CONFIG_DIR || join(home, '.azd');
  return [
    env.BICEP ?? '',
    ...(env.PATH ?? '').split(delimiter).map((folder) => (folder === '' ? '' : join(folder, file))),
    join(az, 'bin', file),
    env.AZD_BICEP_TOOL_PATH ?? '',
    join(azd, 'bin', file),
  ].filter((path) => path !== '');
};

/** NuGet writes this file last: without it another process may still be unpacking. */
const UNPACKED = '.nupkg.metadata';

const restored = async ({ packages }: CompilerFolder, platform: NodeJS.Platform): Promise<string | undefined> => {
  const file = platform === 'win32' ? 'bicep.exe' : 'bicep';
  for (const name of await readdir(packages).catch(() => [])) {
    if (!name.startsWith('azure.bicep.commandline.')) continue;
    const folder = join(packages, name, COMPILER_VERSION);
    const whole = await access(join(folder, UNPACKED)).then(
      () => true,
      () => false,
    );
    if (whole && (await isExecutable(join(folder, 'tools', file)))) return join(folder, 'tools', file);
  }
  return undefined;
};

/**
 * Looks for a Bicep compiler: `BICEP`, PATH, the copies of az and azd, the one restored earlier; last, where the .NET
 * SDK is installed, it restores one from NuGet. Never throws: without a compiler the answer holds the reason.
 */
export const findCompiler = async ({
  env = process.env,
  home = homedir(),
  platform = process.platform,
  folder,
  restore = true,
}: Surroundings = {}): Promise<Compiler> => {
  const tooOld: string[] = [];
  for (const path of knownPlaces({ env, home, platform })) {
    if (!(await isExecutable(path))) continue;
    const version = await versionOf(path);
    if (version !== undefined && isAtLeast(version, OLDEST_COMPILER)) return { path, version };
    tooOld.push(`${path} (${version ?? 'does not run'})`);
  }
  const target = folder ?? compilerFolder();
  const earlier = await restored(target, platform);
  if (earlier !== undefined) return { path: earlier, version: COMPILER_VERSION };
  const found =
    tooOld.length === 0
      ? 'no Bicep compiler'
      : `no Bicep compiler from ${OLDEST_COMPILER} on, only ${tooOld.join(', ')}`;
  if (!restore) return { path: undefined, reason: found };
  const failure = await restoreCompiler({ env, folder: target });
  const path = failure === undefined ? await restored(target, platform) : undefined;
  if (path !== undefined) return { path, version: COMPILER_VERSION };
  return {
    path: undefined,
    reason: `${found}, and none could be restored: ${failure ?? 'the package holds no executable'}. Install Bicep or the .NET SDK, or set BICEP to the compiler's path`,
  };
};
