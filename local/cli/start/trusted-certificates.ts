import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes the file of certificates that the service trusts beside those of Node, and answers its path: the one of this run,
 * after those that the developer's shell names, because a variable can name only one file.
 */
export async function writeTrusted(
  folder: string,
  certificate: string,
  { NODE_EXTRA_CA_CERTS: named = '' }: NodeJS.ProcessEnv,
): Promise<string> {
  // Node itself warns of a file that cannot be read, and goes on.
  const ofShell = named === '' ? '' : await readFile(named, 'utf8').catch(() => '');
  const path = join(folder, 'trusted.pem');
  await writeFile(path, `${ofShell}\n${certificate}\n`);
  return path;
}
