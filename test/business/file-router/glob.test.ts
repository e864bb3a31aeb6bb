import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createGlob } from '../../../src/business/file-router/glob.ts';

test.each([
  ['*.pdf', 'Report.PDF', true],
  ['*.pdf', 'report.pdf.exe', false],
  ['*', '', true],
  ['', 'a', false],
  ['report-??.csv', 'report-07.csv', true],
  ['report-??.csv', 'report-7.csv', false],
  ['?.txt', '👩.txt', true],
  ['*.{tar.gz,zip}', 'a.tar.gz', true],
  ['{a,b{c,d}}*', 'bd', true],
  ['{a,b{c,d}}*', 'b', false],
  ['inv[0-9][!0-9]*', 'inv7a', true],
  ['inv[0-9][!0-9]*', 'inv77', false],
  ['[\\]*', '\\d', true],
  ['draft [1*', 'draft [1].txt', true],
  ['a+(b).*', 'a+(b).c', true],
  ['a+(b).*', 'abb.c', false],
  ['image/*', 'image/svg+xml', true],
  ['é*', 'e\u0301a', true],
])('%s and %s: %s', (pattern, text, fits) => expect(createGlob(pattern)(text)).toBe(fits));

test('any pattern of characters, * and ? fits what the same regular expression fits', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 10 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
  fc.assert(
    fc.property(pattern, text, (glob, name) => {
      const expression = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(createGlob(glob)(name)).toBe(expression.test(name));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['x'.repeat(201), 'at most 200 characters'],
  ['{a,b'.repeat(3), 'a brace has no partner'],
  ['a}', 'a brace has no partner'],
  ['{a,b}'.repeat(30), 'more than 2000 characters together'],
  [`${'{a,b}'.repeat(5)}${'x'.repeat(100)}`, 'more than 2000 characters together'],
  ['{,}'.repeat(60), 'more than 2000 characters together'],
  ['[z-a]', '[z-a] is no set of characters'],
])('the pattern %s is refused with a sentence', (pattern, sentence) => {
  expect(() => createGlob(pattern)).toThrow(sentence);
});

test.each([`${'*[_]'.repeat(8)}*[x]`, `*${'[_]'.repeat(60)}[x]`])(
  'no text makes %s slow: it takes at most as many steps as characters of the pattern times those of the text',
  (pattern) => {
    const text = '_'.repeat(255);
    const fits = createGlob(pattern);
    const steps = vi.spyOn(RegExp.prototype, 'test');
    const fitted = fits(text);
    const taken = steps.mock.calls.length;
    steps.mockRestore();
    expect(fitted).toBe(false);
    expect(taken).toBeGreaterThanOrEqual(text.length);
    expect(taken).toBeLessThan(pattern.length * text.length);
  },
);
