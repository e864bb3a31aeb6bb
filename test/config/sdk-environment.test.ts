import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { overruled, overrulers } from '../../src/config/sdk-environment.ts';
import { load } from './fixtures.ts';

const says = (name: string, changes: string) => `${name} is set, and the telemetry SDK obeys it: it changes ${changes}`;
const json = 'sampling.percent and APPLICATIONINSIGHTS_CONNECTION_STRING, where it names them';

test("the SDK's own variables are named with the key that they change", () => {
  expect(load({ level: 1 }, { OTEL_TRACES_SAMPLER: 'always_on', OTEL_TRACES_SAMPLER_ARG: '1' }).notices).toEqual([
    says('OTEL_TRACES_SAMPLER', 'sampling.percent'),
    says('OTEL_TRACES_SAMPLER_ARG', 'sampling.percent'),
  ]);
  expect(overruled({ OTEL_SERVICE_NAME: 'x' })).toEqual([says('OTEL_SERVICE_NAME', 'SERVICE_NAME')]);
  expect(overruled({ OTEL_RESOURCE_ATTRIBUTES: 'a=b, service.name=x' })).toEqual([
    says('OTEL_RESOURCE_ATTRIBUTES', 'SERVICE_NAME'),
  ]);
  expect(overruled({ OTEL_SDK_DISABLED: 'TRUE' })).toEqual([says('OTEL_SDK_DISABLED', 'level: no telemetry is made')]);
  const name = 'APPLICATIONINSIGHTS_CONFIGURATION_FILE';
  expect(overruled({ [name]: '/etc/x.json' })).toEqual([says(name, json)]);
});

test('what the SDK would ignore is not named', () => {
  const ignored = {
    OTEL_TRACES_SAMPLER: ' ',
    OTEL_TRACES_SAMPLER_ARG: '0.5',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
    OTEL_SDK_DISABLED: 'false',
  };
  expect(overruled(ignored)).toEqual([]);
  const content = 'APPLICATIONINSIGHTS_CONFIGURATION_CONTENT';
  expect(overruled({ [content]: '{}', APPLICATIONINSIGHTS_CONFIGURATION_FILE: 'x' })).toEqual([says(content, json)]);
});

test("a file in the SDK's own folder is named, unless a variable stands before it", () => {
  const folder = mkdtempSync(join(tmpdir(), 'sdk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(overruled({}, [folder])).toEqual([]);
  const sdk = join(folder, '@azure/monitor-opentelemetry');
  const path = join(sdk, 'applicationinsights.json');
  mkdirSync(sdk, { recursive: true });
  writeFileSync(path, '{}');
  expect(overruled({}, [folder])).toEqual([`${path} exists, and the telemetry SDK obeys it: it changes ${json}`]);
  expect(overruled({ APPLICATIONINSIGHTS_CONFIGURATION_FILE: 'x' }, [folder])).toHaveLength(1);
});

test('the SDK that is installed reads each of these variables and that file', () => {
  const distro = createRequire(import.meta.url).resolve('@azure/monitor-opentelemetry');
  const beside = (name: string) => dirname(createRequire(distro).resolve(name));
  const sources = [
    join(dirname(distro), 'shared/envConfig.js'),
    join(dirname(distro), 'shared/jsonConfig.js'),
    join(beside('@opentelemetry/resources'), 'detectors/EnvDetector.js'),
    join(beside('@opentelemetry/sdk-node'), 'sdk.js'),
  ];
  const text = sources.map((path) => readFileSync(path, 'utf8')).join('\n');
  for (const name of [...overrulers.map((overruler) => overruler.name), 'applicationinsights.json']) {
    expect(text).toContain(name);
  }
});
