import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Environment } from './environment.ts';

/** A variable that the telemetry SDK reads by itself and that takes precedence over the service's configuration. */
export interface Overruler {
  name: string;
  /** Which of our keys and variables it changes. */
  changes: string;
  applies(env: Environment): boolean;
}

const json = 'sampling.percent and APPLICATIONINSIGHTS_CONNECTION_STRING, where it names them';
const contentName = 'APPLICATIONINSIGHTS_CONFIGURATION_CONTENT';
const fileName = 'APPLICATIONINSIGHTS_CONFIGURATION_FILE';
const isSet = (name: string) => (env: Environment) => Boolean(env[name]?.trim());

/** Read in `@azure/monitor-opentelemetry` (shared/envConfig, shared/jsonConfig) and `@opentelemetry/sdk-node`. */
export const overrulers: readonly Overruler[] = [
  {
    name: 'OTEL_SDK_DISABLED',
    changes: 'level: no telemetry is made',
    applies: (env) => /^\s*true\s*$/i.test(env.OTEL_SDK_DISABLED ?? ''),
  },
  { name: 'OTEL_TRACES_SAMPLER', changes: 'sampling.percent', applies: isSet('OTEL_TRACES_SAMPLER') },
  {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    changes: 'sampling.percent',
    applies: (env) => isSet('OTEL_TRACES_SAMPLER')(env) && isSet('OTEL_TRACES_SAMPLER_ARG')(env),
  },
  { name: contentName, changes: json, applies: isSet(contentName) },
  { name: fileName, changes: json, applies: (env) => isSet(fileName)(env) && !isSet(contentName)(env) },
  { name: 'OTEL_SERVICE_NAME', changes: 'SERVICE_NAME', applies: isSet('OTEL_SERVICE_NAME') },
  {
    name: 'OTEL_RESOURCE_ATTRIBUTES',
    changes: 'SERVICE_NAME',
    applies: (env) => /(^|,)\s*service\.(name|namespace)\s*=/.test(env.OTEL_RESOURCE_ATTRIBUTES ?? ''),
  },
];

/** One sentence for each variable or file that overrules our configuration, with the key that it changes. */
export function overruled(env: Environment, sdkFolder = folderOfSdk()): string[] {
  const notices = overrulers
    .filter(({ applies }) => applies(env))
    .map(({ name, changes }) => `${name} is set, and the telemetry SDK obeys it: it changes ${changes}`);
  const beside = sdkFolder && join(sdkFolder, 'applicationinsights.json');
  if (beside && !isSet(contentName)(env) && !isSet(fileName)(env) && existsSync(beside)) {
    notices.push(`${beside} exists, and the telemetry SDK obeys it: it changes ${json}`);
  }
  return notices;
}

function folderOfSdk(): string | undefined {
  try {
    return join(createRequire(import.meta.url).resolve('@azure/monitor-opentelemetry'), '../../..');
  } catch {
    // A team may have deleted the SDK. Then nothing overrules the configuration.
    return undefined;
  }
}
