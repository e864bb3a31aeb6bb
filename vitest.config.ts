import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { reportSkips } from './tools/report-skips.ts';

/** Tests of the commands on this machine go with either of the two. */
const withoutOperator = existsSync(join(import.meta.dirname, 'operator'))
  ? []
  : ['local/test/operator/**', 'local/test/template/**'];
const infra = ['test/infra/**/*.test.ts'];
/** They predict the deployments of configurations that are not committed, each of which the compiler computes anew. */
const variants = [
  'test/infra/{alert-rules,basic-alerts}/*.test.ts',
  'test/infra/{application-insights,bearer-tokens,businesses,config-agreement,data-export,dead-letters,health-probes,queue-metrics,security-events,variants}.test.ts',
];
/** They follow messages through whole services, outages and commands, which takes minutes: `npm run test:journeys`. */
const journeys = [
  'local/test/{operator,ladder}/**/*.test.ts',
  'local/test/platform/service-bus/outages.test.ts',
  'local/test/service/{classic-client,files-on-the-way,forms,levels,outage,shutdown,silent-broker,split-roles,without-telemetry}.test.ts',
  'local/test/observability/modules/application-insights/{outage,without-telemetry}.test.ts',
  'local/test/observability/modules/{cost-meter,correlation/{one-story,requests},dead-letters/killed-worker}.test.ts',
  'local/test/observability/modules/{keep-failures/messages,otlp/*,queue-metrics/metrics}.test.ts',
  'local/cli/{commands,terminal,start/start-local}.test.ts',
  'local/test/guides/*/arrives.test.ts',
  'local/{service-bus,soak}/command.test.ts',
  'local/application-insights/{exporter,workspace/{owner,workspace}}.test.ts',
  'local/dashboard/api/{queue-routes,transactions}.test.ts',
  'test/docs/snippets.test.ts',
  'test/tools/{apply-level,delete,upgrade}.test.ts',
  'local/kql/{alert-rule-defects,laws,queries-of-this-repository}.test.ts',
  'local/bench/{ingestion,kql}/*.test.ts',
  'local/extraction/drill/*.test.ts',
  'local/business/*/{levels,queries,send,transactions}.test.ts',
];
/** They open the page of `npm start` in a real browser: `npm run test:browser`. */
const browser = ['local/{business/*,dashboard,dashboard/page}/*-in-browser.test.ts'];
/** They delete, scaffold and check copies of the whole project, which takes an hour: `npm run test:copies`. */
const copies = ['local/test/{removal,template}/**/*.test.ts', 'local/test/guides/*/checks.test.ts'];

export default defineConfig({
  test: {
    isolate: false, // a fifth of the time was starting a worker a file
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['test/**/*.test.ts', 'operator/**/*.test.ts', 'local/**/*.test.ts'],
          exclude: [
            ...infra,
            ...journeys,
            ...browser,
            ...copies,
            ...withoutOperator,
            '**/init/templates/**',
            '**/node_modules/**',
          ],
          maxWorkers: Math.max(2, availableParallelism()) + 1, // most of them wait for another process
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: 'infra', include: infra, exclude: variants } },
      { extends: true, test: { name: 'variants', include: variants } },
      { extends: true, test: { name: 'journeys', include: journeys, exclude: withoutOperator } },
      { extends: true, test: { name: 'browser', include: browser } },
      { extends: true, test: { name: 'copies', include: copies, exclude: withoutOperator } },
    ],
    reporters: [process.env.CI ? 'dot' : 'default', reportSkips()],
    // Without it there would be one worker on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Real processes and sockets on a busy machine: a second try, told by name at the end, so that it is not forgotten.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: {
      APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
      NO_PROXY: '127.0.0.1,localhost,::1',
      no_proxy: '127.0.0.1,localhost,::1',
    },
  },
});
