import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { expectToPass, runTests } from '../../removal/removal.fixture.ts';
import { projectOfGuide } from './project-of-guide.ts';

test('what the guide on telemetry of your own says generates, checks and passes the tests of a module', {
  timeout: 240_000,
}, async () => {
  const folder = await projectOfGuide();
  try {
    await expectToPass(folder, 'npm', ['run', 'generate']);
    await expectToPass(folder, 'npm', ['run', 'check']);
    const tests = ['test/observability/contract.test.ts', 'test/observability/modules/own-telemetry.test.ts'];
    await runTests(folder, ...tests);
    expect(tests).toHaveLength(2);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
