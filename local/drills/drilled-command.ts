import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { DrilledService } from './drilled-service.ts';

/** Longer than a command takes, so that one that hangs ends. */
const patienceMs = 60_000;

/**
 * Runs `npm run <name> -- <args>` in a process of its own, as an operator does: on the broker of the drill, with the level and
 * the variables of its service. Answers what it wrote to standard output. Throws, with what it told, when a part was not done.
 */
export function runOperatorCommand(scene: DrilledService, name: string, args: readonly string[]): Promise<string> {
  const { root, preload } = scene.checkout;
  const imports = ['./tools/require-node.mjs', ...preload.map((file) => pathToFileURL(file).href)];
  const command = [...imports.flatMap((file) => ['--import', file]), `operator/${name}.ts`, ...args];
  const options = { cwd: root, env: scene.environment(), timeout: patienceMs, killSignal: 'SIGKILL' } as const;
  return new Promise((done, fail) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      if (error) fail(new Error(`"npm run ${name} -- ${args.join(' ')}" failed: ${stderr || error.message}`));
      else done(stdout);
    });
  });
}
