import { expect, test } from 'vitest';
import { registry } from '../../../src/observability/registry.ts';
import { readPage } from '../../doctor/read-page.ts';
import { examine, packages } from './examine.ts';

const observability = (more: object) => ({ files: { 'observability.json': { level: 1, ...more } } });
const isInstalled = (module: string) => registry.some(({ manifest: { name } }) => name === module);
/** A team may have deleted it. */
const samples = isInstalled('application-insights');
const business = (text: string) => ({ files: { 'src/business/orders/index.ts': text } });
const classic = "import appInsights from 'applicationinsights';\nappInsights.setup().start();\n";

test('with nothing wrong it finds nothing, and what does not run is not checked', async () => {
  const { code, report } = await examine();
  expect(code).toBe(0);
  expect(report?.findings).toEqual([]);
});

test.each([
  ['node-too-old', { nodeVersion: '22.9.0' }, '22.9.0'],
  [
    'opentelemetry-api-twice',
    {
      files: {
        'node_modules/.package-lock.json': packages({ 'node_modules/a/node_modules/@opentelemetry/api': '1.9.1' }),
      },
    },
    'node_modules/a/node_modules/@opentelemetry/api is 1.9.1',
  ],
  [
    'opentelemetry-api-version',
    { files: { 'node_modules/.package-lock.json': packages({ 'node_modules/@opentelemetry/api': '1.10.0' }) } },
    '1.10.0',
  ],
  [
    'exporter-too-old',
    {
      files: {
        'node_modules/.package-lock.json': packages({
          'node_modules/@azure/monitor-opentelemetry-exporter': '1.0.0-beta.9',
        }),
      },
    },
    'beta.9',
  ],
  ['classic-sdk-started', business(classic), 'orders'],
  ['configuration-unknown-key', observability({ slo: { latencyMS: 50 } }), 'did you mean latencyMs?'],
  ['configuration-faulty', observability({ slo: { latencyMs: 0.5 } }), 'slo.latencyMs'],
  ['configuration-faulty', { files: { 'infra/queues.json': '{' } }, 'infra/queues.json'],
  ['public-without-tokens', observability({ deployment: { public: true } }), 'deployment.public'],
  [
    'connection-string-malformed',
    { env: { APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=secret' } },
    'APPLICATIONINSIGHTS_CONNECTION_STRING: found (hidden)',
  ],
  ['connection-string-malformed', { env: { SERVICEBUS_CONNECTION_STRING: 'Endpoint=x' } }, 'sb://<namespace>'],
  ['codeless-agent-on', { env: { ApplicationInsightsAgent_EXTENSION_VERSION: '~3' } }, '~3'],
  ['codeless-agent-on', { env: { NODE_OPTIONS: '--require /agents/nodejs/build/src/Loader.js' } }, 'NODE_OPTIONS'],
  ['sdk-disabled', { env: { OTEL_SDK_DISABLED: 'true' } }, 'OTEL_SDK_DISABLED'],
  ['foreign-sampler', { env: { OTEL_TRACES_SAMPLER: 'always_off' } }, 'sampling.percent'],
  ['sdk-overruled', { env: { OTEL_SERVICE_NAME: 'other' } }, 'SERVICE_NAME'],
  ['handler-outlives-lock', { env: { HANDLER_TIMEOUT_MS: '60001' } }, 'parcels holds 60000 ms'],
])('%s is found by itself and explained', async (finding, given, what) => {
  const { code, report } = await examine(given);
  expect(code).toBe(1);
  expect(report?.findings).toEqual([
    { code: finding, what: expect.stringContaining(what), why: expect.any(String), todo: expect.any(String) },
  ]);
});

test.each([
  ['an agent that is off', { env: { ApplicationInsightsAgent_EXTENSION_VERSION: 'disabled' } }],
  ['a loader of the service', { env: { NODE_OPTIONS: '--import ./src/preload.ts --max-old-space-size=512' } }],
  ['a handler that is as long as its lock', { env: { HANDLER_TIMEOUT_MS: '60000' } }],
  [
    'a public service that takes everyone on purpose',
    observability({ deployment: { public: true, allowAnonymous: true } }),
  ],
  [
    'a final version of the exporter',
    {
      files: {
        'node_modules/.package-lock.json': packages({ 'node_modules/@azure/monitor-opentelemetry-exporter': '1.0.0' }),
      },
    },
  ],
  ['a business that uses the classic client and does not start it', business(classic.replace('.start()', ''))],
])('%s is no finding', async (_, given) => {
  expect((await examine(given)).codes).toEqual([]);
});

test('a start of the classic SDK is no finding where the module for it is on', async () => {
  const add = registry.flatMap(({ manifest: { name } }) => (name === 'classic-client' ? [name] : []));
  const files = { ...business(classic).files, ...observability({ modules: { add } }).files };
  // A team may have deleted the module.
  expect((await examine({ files })).codes).toEqual(add.length > 0 ? [] : ['classic-sdk-started']);
});

test('a person gets a row for each check, and each finding with its reason and its remedy', async () => {
  const { code, printed, told } = await examine({ argv: [], env: { OTEL_SDK_DISABLED: 'true' } });
  expect([code, told]).toEqual([1, samples ? ['Sampling in force: 100 % of traces are kept.'] : []]);
  expect(printed).toContain('ok           node-too-old');
  expect(printed).toContain('FINDING      sdk-disabled                  The telemetry SDK is switched off.');
  const { why, todo } = readPage().get('sdk-disabled') ?? {};
  expect(printed).toEqual(
    expect.arrayContaining([
      'sdk-disabled (docs/doctor.md#sdk-disabled)',
      `  Why it matters: ${why}`,
      `  What to do: ${todo}`,
    ]),
  );
});

test.runIf(samples)(
  'the sampling in force is told, with what is kept beside it, and not where a foreign sampler replaces it',
  async () => {
    const keepsFailures = isInstalled('keep-failures');
    const files = observability({ level: keepsFailures ? 3 : 1, sampling: { percent: 20 } }).files;
    const { told } = await examine({ files });
    expect(told).toContain(`Sampling in force: 20 % of traces are kept${keepsFailures ? ', and every failure' : ''}.`);
    const foreign = await examine({ files, env: { OTEL_TRACES_SAMPLER: 'always_off' } });
    expect(foreign.told.join('\n')).not.toContain('Sampling in force');
  },
);

test('a program gets one line on standard output, and the table beside it', async () => {
  const { printed, told } = await examine();
  expect(printed).toHaveLength(1);
  expect(told).toContain('ok           node-too-old');
});

test('an option that does not exist is refused', async () => {
  await expect(examine({ argv: ['--jsn'] })).rejects.toThrow("Unknown option '--jsn'. Add --help");
});

test('the options exclude each other as those of other commands do', async () => {
  await expect(examine({ argv: ['--run', 'x', '--namespace', 'orders'] })).rejects.toThrow('not both');
  await expect(examine({ argv: ['--run', '/nowhere/run.json'] })).rejects.toThrow('is not there');
  await expect(examine({ argv: ['--url', 'orders'] })).rejects.toThrow('--url is an address');
});
