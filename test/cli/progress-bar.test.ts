import { expect, test } from 'vitest';
import { progressBar } from '../../src/cli/progress-bar.ts';

test.each([
  [0, 1000, '[------------------------]   0 %  0 of 1000'],
  [250, 1000, '[######------------------]  25 %  250 of 1000'],
  [999, 1000, '[#######################-]  99 %  999 of 1000'],
  [1000, 1000, '[########################] 100 %  1000 of 1000'],
  [0, 0, '[########################] 100 %  0 of 0'],
])('the bar shows how much is done, and is full only when everything is: %i of %i', (done, total, expected) => {
  expect(progressBar(done, total)).toBe(expected);
});
