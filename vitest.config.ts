import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { reportSkips } from './tools/report-skips.ts';

/** Tests of the commands on this machine go with either of the two. */
const withoutOperator = existsSync(join(import.meta.dirname, 'operator'))
  ? []
  : ['local/test/operator/**', 'local/test/template/**'];
const alone = ['test/infra/**/*.test.ts'];
/** They delete, scaffold and check copies of the whole project, which takes half an hour: `npm run test:copies`. */
const copies = ['local/test/removal/**/*.test.ts', 'local/test/template/**/*.test.ts'];

export default defineConfig({
  test: {
    // A fifth of the time is starting a worker a file. Who replaces a module, or holds a process for its whole file, needs one.
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts', 'operator/**/*.test.ts', 'local/**/*.test.ts'],
          exclude: [...alone, ...copies, ...withoutOperator, '**/init/templates/**', '**/node_modules/**'],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
      { extends: true, test: { name: 'copies', include: copies, exclude: withoutOperator, isolate: false } },
    ],
    reporters: [process.env.CI ? 'dot' : 'default', reportSkips()],
    // Of two cores the default takes one, and most tests wait for somebody else.
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
