import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

export const envFile = '.env';

type Variables = Record<string, string>;

/** The variables of the checkout's `.env`; none where there is no such file. */
export function readEnvFile(root: string): { variables: Variables; fault?: string } {
  try {
    const variables = parseEnv(readFileSync(join(root, envFile), 'utf8').replace(/^\uFEFF/, '')) as Variables;
    return { variables };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { variables: {} } : { variables: {}, fault: `${envFile} cannot be read: ${message}` };
  }
}

/** The shell's variables, and those of the file that the shell does not name. */
export const withFile = (shell: NodeJS.ProcessEnv, file: Variables): NodeJS.ProcessEnv => ({ ...file, ...shell });

/** A sentence for each kind of variable that stands in the file without effect. `given` is what the service gets. */
export function ignoredOf(file: Variables, shell: NodeJS.ProcessEnv, given: Readonly<Variables>): string[] {
  // A list such as NO_PROXY may have grown, and holds what the file says all the same.
  const holds = (name: string) => partsOf(file[name]).every((part) => partsOf(given[name]).includes(part));
  const without = Object.keys(file).filter((name) => file[name] !== '' && !holds(name));
  const byShell = without.filter((name) => shell[name] !== undefined && shell[name] === given[name]);
  const byUs = without.filter((name) => !byShell.includes(name));
  const list = (names: readonly string[]) => names.join(', ');
  return [
    ...(byUs.length > 0 ? [`${envFile}: ${list(byUs)} ignored, because "npm start" decides it itself.`] : []),
    ...(byShell.length > 0 ? [`${envFile}: ${list(byShell)} ignored, because the shell sets it too.`] : []),
  ];
}

const partsOf = (list = ''): string[] => list.split(',');
