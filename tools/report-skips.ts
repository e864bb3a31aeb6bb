import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the output with every skipped test and its reason, so that what was not checked is never out of sight.
 * So does a test that needed a second try.
 * A test skips itself with `context.skip(condition, reason)`. REQUIRE_ALL=1 turns each skip into a failure.
 */
export function reportSkips({ requireAll = process.env.REQUIRE_ALL === '1' } = {}): Reporter {
  return {
    onTestRunEnd(modules: readonly TestModule[]) {
      const tests = modules.flatMap((module) => [...module.children.allTests()]);
      const inState = (state: string) => tests.filter((test) => test.result().state === state);
      const skipped = inState('skipped');
      for (const test of skipped) {
        const result = test.result();
        const reason = ('note' in result && result.note) || 'no reason given';
        console.log(`${requireAll ? 'not run, but required' : 'skipped'}: ${test.fullName}: ${reason}`);
      }
      for (const test of tests.filter((one) => one.diagnostic()?.flaky)) {
        console.log(`passed at the second try: ${test.fullName}`);
      }
      if (requireAll && skipped.length > 0) process.exitCode = 1;
      console.log(`${inState('passed').length} passed, ${inState('failed').length} failed, ${skipped.length} skipped`);
    },
  };
}
