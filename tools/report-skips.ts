import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the output with every skipped test and its reason, so that what was not checked is never out of sight.
 * So does a test that needed a second try.
 * A test skips itself with `context.skip(condition, reason)` where the machine lacks what it needs: REQUIRE_ALL=1 turns that into
 * a failure. With `test.skipIf(condition)` a test is about a part that was deleted, or about another system: it has nothing to check.
 */
export function reportSkips({ requireAll = process.env.REQUIRE_ALL === '1' } = {}): Reporter {
  return {
    onTestRunEnd(modules: readonly TestModule[]) {
      const tests = modules.flatMap((module) => [...module.children.allTests()]);
      const inState = (state: string) => tests.filter((test) => test.result().state === state);
      const skipped = inState('skipped');
      for (const test of skipped) {
        const result = test.result();
        const reason = 'note' in result ? result.note : undefined;
        const isLacking = requireAll && reason !== undefined;
        if (isLacking) process.exitCode = 1;
        const what = isLacking ? 'not run, but required' : 'skipped';
        console.log(`${what}: ${test.fullName}: ${reason ?? 'nothing here to check'}`);
      }
      for (const test of tests.filter((one) => one.diagnostic()?.flaky)) {
        console.log(`passed at the second try: ${test.fullName}`);
      }
      console.log(`${inState('passed').length} passed, ${inState('failed').length} failed, ${skipped.length} skipped`);
    },
  };
}
