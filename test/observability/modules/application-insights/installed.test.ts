import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const { packages } = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')) as {
  packages: Record<string, { version: string }>;
};
const installed = (name: string) =>
  Object.entries(packages)
    .filter(([path]) => path.endsWith(`node_modules/${name}`))
    .map(([, { version }]) => version);

// With 1.10.0, or with two copies, no span is recorded and nothing says so.
test('one copy of the OpenTelemetry API is installed, of the version that the SDK works with', () => {
  expect(installed('@opentelemetry/api')).toEqual(['1.9.1']);
});

// The guard against a second start of the distro works in the copy that the package applicationinsights finds.
test.each(['monitor-opentelemetry', 'monitor-opentelemetry-exporter'])('one copy of @azure/%s is installed', (name) =>
  expect(installed(`@azure/${name}`)).toHaveLength(1),
);

// Error handler and suppression of traces are state of a module: set in one copy, they do nothing in another.
test.each(['core', 'resources', 'sdk-logs', 'sdk-metrics', 'sdk-trace', 'sdk-trace-base', 'sdk-trace-node'])(
  'one copy of @opentelemetry/%s is installed; if not: the versions in package.json that the distro wants, then npm dedupe',
  (name) => expect(installed(`@opentelemetry/${name}`)).toHaveLength(1),
);
