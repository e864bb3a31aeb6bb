import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const packageOf = (path: string) => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));

export type Peers = { versions: Record<string, string> } | { missing: string };

/**
 * Installs the peers on first use, in this folder alone, and tells their versions.
 * Where they cannot be installed it tells why, and what needs them is reported as not measured.
 */
export function installPeers(): Peers {
  const wanted = Object.keys(packageOf(folder).dependencies as Record<string, string>);
  const at = (name: string) => join(folder, 'node_modules', name);
  if (!wanted.every((name) => existsSync(at(name)))) {
    process.stderr.write('installing the peers (once)\n');
    const args = ['install', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    const npm = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
    if (npm.status !== 0) return { missing: npm.stderr.trim().split('\n')[0] ?? 'npm install failed' };
  }
  return { versions: Object.fromEntries(wanted.map((name) => [name, packageOf(at(name)).version as string])) };
}
