import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const help = `npm run apply-level -- [--environment <name>] [--image <registry>/<image>]

Applies a changed observability.json to what runs in Azure, with the image that runs: "azd provision" for the resources, then
"azd deploy app --from-package <image>" for a new revision of each app, without a build. App and cloud agree once both have run.

  -e, --environment <name>  the azd environment; without it the default one
  --image <image>           the image, instead of the one that az says is running
`;

const { values } = parseArgs({
  options: {
    environment: { type: 'string', short: 'e' },
    image: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
const environment = values.environment === undefined ? [] : ['--environment', values.environment];
// On Windows az is a batch file, which only a shell starts; no argument here holds a blank.
const shell = process.platform === 'win32';

function applyLevel(): number {
  const image = values.image ?? imageThatRuns();
  if (image === undefined) return 1;
  return azd('provision') || azd('deploy', 'app', '--from-package', image);
}

/** Runs azd where its caller sees it and can answer it. Returns its exit code. */
function azd(...args: string[]): number {
  const { status, error } = spawnSync('azd', [...args, ...environment], { stdio: 'inherit', shell });
  if (error) process.stderr.write(`azd cannot be run: ${error.message}\n`);
  return status ?? 1;
}

const deployedEnvironment = z.object({ AZURE_RESOURCE_GROUP: z.string(), AZURE_SUBSCRIPTION_ID: z.string() });
const containerApps = z.array(
  z.object({
    tags: z.record(z.string(), z.string()).nullish(),
    properties: z.object({ template: z.object({ containers: z.array(z.object({ image: z.string() })) }) }),
  }),
);

/**
 * The image of the app that answers callers, asked of Azure: what azd remembers is what this machine deployed last, and a
 * pipeline may have deployed since. Undefined, with a sentence that says what to do, when it cannot be told.
 */
function imageThatRuns(): string | undefined {
  const known = deployedEnvironment.safeParse(output('azd', 'env', 'get-values', '--output', 'json', ...environment));
  if (!known.success)
    return refuse('azd knows of no deployment here: run "azd up", or "azd env refresh" for one made elsewhere.');
  const { AZURE_RESOURCE_GROUP: group, AZURE_SUBSCRIPTION_ID: subscription } = known.data;
  const scope = ['--resource-group', group, '--subscription', subscription];
  const apps = containerApps.safeParse(output('az', 'containerapp', 'list', ...scope, '--output', 'json'));
  if (!apps.success)
    return refuse(
      'az cannot say which image runs: run "az login", or name it with --image. "azd env get-value SERVICE_APP_IMAGE_NAME" prints the one that this machine deployed last.',
    );
  const app = apps.data.find(({ tags }) => tags?.['azd-service-name'] === 'app');
  return app?.properties.template.containers[0]?.image ?? refuse(`No app runs in ${group}: run "azd deploy".`);
}

/** What a command prints as JSON; undefined when it fails. */
function output(command: string, ...args: string[]): unknown {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell,
  });
  try {
    return status === 0 ? JSON.parse(stdout) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(sentence: string): undefined {
  process.stderr.write(`${sentence}\n`);
  return undefined;
}

if (values.help) process.stdout.write(help);
else process.exitCode = applyLevel();
