import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serviceEnvironment } from '../cli/start/service-environment.ts';
import type { DrilledService } from './drilled-service.ts';

/** Of the shell only what every process needs: what a developer has set must not change a drill. */
const inherited = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];
/** What the SDK asks for over HTTPS meets a closed door, as in the service of a drill. */
const noWayOut = { HTTPS_PROXY: 'http://127.0.0.1:9' };
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
  const options = { cwd: root, env: environmentOf(scene), timeout: patienceMs, killSignal: 'SIGKILL' } as const;
  return new Promise((done, fail) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      if (error) fail(new Error(`"npm run ${name} -- ${args.join(' ')}" failed: ${stderr || error.message}`));
      else done(stdout);
    });
  });
}

function environmentOf({ checkout, config, url, serviceBus, insights, certificate, destination }: DrilledService) {
  const shell = Object.fromEntries(inherited.map((name) => [name, process.env[name]]));
  const securityLogs = insights.securityLogs && { ...insights.securityLogs, certificate };
  const addresses = { serviceBus: serviceBus.connectionString, serviceBusAdmin: serviceBus.adminUrl, securityLogs };
  const given = serviceEnvironment({ ...shell, ...noWayOut }, addresses, {
    ...{ port: Number(new URL(url).port), folder: dirname(certificate) },
    applicationInsights: insights.connectionString,
    variables: checkout.variables({ destination: destination.url }),
  });
  return { ...given, OBSERVABILITY_CONFIG: JSON.stringify(config) };
}
