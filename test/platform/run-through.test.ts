import { expect, test } from 'vitest';
import { runThrough } from '../../src/platform/run-through.ts';

const naming = (name: string) => async (subject: string, next: () => Promise<string>) =>
  `${name}(${subject}) ${await next()}`;

test('the first middleware is the outermost, and each is told the subject', async () => {
  const answer = await runThrough([naming('first'), naming('second')], 'it', async () => 'innermost');
  expect(answer).toBe('first(it) second(it) innermost');
});

test('without middlewares the innermost answers, and a middleware may run what is inside it again', async () => {
  let runs = 0;
  const innermost = async () => {
    runs += 1;
    return runs;
  };
  expect(await runThrough([], 'it', innermost)).toBe(1);
  const twice = async (_subject: string, next: () => Promise<number>) => {
    await next();
    return next();
  };
  expect(await runThrough([twice], 'it', innermost)).toBe(3);
});
