import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Environment } from './environment.ts';

const json = 'sampling.percent and APPLICATIONINSIGHTS_CONNECTION_STRING, where it names them';
const content = 'APPLICATIONINSIGHTS_CONFIGURATION_CONTENT';
const file = 'APPLICATIONINSIGHTS_CONFIGURATION_FILE';

/**
 * Variables that the telemetry SDK reads by itself, with the keys and variables of ours that they change: read in
 * `@azure/monitor-opentelemetry` (shared/envConfig, shared/jsonConfig) and `@opentelemetry/sdk-node`. The SDK obeys one
 * when its value fits `value` (by default, when it is not blank), `needs` is set too and `unless` is not.
 */
export const overrulers = [
  { name: 'OTEL_SDK_DISABLED', changes: 'level: no telemetry is made', value: /^\s*true\s*$/i },
  { name: 'OTEL_TRACES_SAMPLER', changes: 'sampling.percent' },
  { name: 'OTEL_TRACES_SAMPLER_ARG', changes: 'sampling.percent', needs: 'OTEL_TRACES_SAMPLER' },
  { name: content, changes: json },
  { name: file, changes: json, unless: content },
  { name: 'OTEL_SERVICE_NAME', changes: 'SERVICE_NAME' },
  { name: 'OTEL_RESOURCE_ATTRIBUTES', changes: 'SERVICE_NAME', value: /(^|,)\s*service\.(name|namespace)\s*=/ },
];

const besideSdk = '@azure/monitor-opentelemetry/applicationinsights.json';

/**
 * One sentence for each variable or file that overrules our configuration, with the key that it changes. `packages` are
 * the folders in which Node looks for packages of this project.
 */
export function overruled(env: Environment, packages = createRequire(import.meta.url).resolve.paths('@azure') ?? []) {
  const isSet = (name = '') => Boolean(env[name]?.trim());
  const notice = (what: string, changes: string) => `${what}, and the telemetry SDK obeys it: it changes ${changes}`;
  const notices = overrulers
    .filter(({ name, value = /\S/, needs = name }) => value.test(env[name] ?? '') && isSet(needs))
    .filter(({ unless }) => !isSet(unless))
    .map(({ name, changes }) => notice(`${name} is set`, changes));
  const path = packages.map((folder) => join(folder, besideSdk)).find((path) => existsSync(path));
  return path && !isSet(content) && !isSet(file) ? [...notices, notice(`${path} exists`, json)] : notices;
}

const azureHosts = ['CONTAINER_APP_NAME', 'WEBSITE_SITE_NAME', 'FUNCTIONS_WORKER_RUNTIME', 'KUBERNETES_SERVICE_HOST'];

/** Whether the process runs on a host of Azure or in a cluster, and not on the machine of a developer. */
export const runsOnAzure = (environment: Environment): boolean => azureHosts.some((name) => environment[name]);

/**
 * Outside Azure, switches off the statistics that the telemetry SDK sends to Microsoft about itself: the SDK looks for
 * the metadata service of a virtual machine, which is missing, and records the failures as failed calls of this
 * service. The SDK has no option for it and reads the variable when it is imported. A value that is already set stays.
 */
export function silenceSdkOffAzure(environment: NodeJS.ProcessEnv = process.env): void {
  if (runsOnAzure(environment)) return;
  environment.APPLICATION_INSIGHTS_NO_STATSBEAT ??= '1';
}

/** Milliseconds that the SDK collects log lines before it sends them, from OpenTelemetry's own variable. */
export const readLogDelayMs = ({ OTEL_BLRP_SCHEDULE_DELAY: given }: NodeJS.ProcessEnv = process.env): number =>
  given !== undefined && /^\d+$/.test(given) ? Number(given) : 5_000;
