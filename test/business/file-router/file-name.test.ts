import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFileName } from '../../../src/business/file-router/file-name.ts';
import { Problem } from '../../../src/platform/problem.ts';

const encoded = (name: string) => encodeURIComponent(name);

test.each([
  'report.pdf',
  'Übersicht 2026.txt',
  'عقد.pdf',
  'रिपोर्ट.csv',
  '请假单.docx',
  'ﬁle…',
  '👩‍👩‍👧.png',
  'İstanbul.txt',
  '.gitignore',
])('the name %s arrives as it was sent', (name) => expect(readFileName(encoded(name))).toBe(name));

test.each([
  ['nothing', undefined],
  ['an empty header', ''],
  ['a blank name', '%20%20'],
  ['a slash', encoded('a/b')],
  ['a backslash', encoded('a\\b')],
  ['the parent folder', '..'],
  ['this folder', '.'],
  ['an encoded climb', encoded('../../etc/passwd')],
  ['a NUL', 'a%00b'],
  ['a line break', 'a%0D%0Ab'],
  ['a delete character', 'a%7Fb'],
  ['a direction override', encoded('a\u202Egpj.exe')],
  ['a line separator', encoded('a\u2028b')],
  ['broken percent-encoding', 'a%E0%A4%A'],
  ['a Latin-1 byte where UTF-8 is asked for', '%FF'],
  ['256 bytes', encoded('é'.repeat(128))],
])('%s is refused with 400 and without repeating the name', (_, header) => {
  try {
    readFileName(header);
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    const { details } = error as Problem;
    expect(details).toMatchObject({ status: 400, type: 'invalid-file-name' });
    if (header && header.length > 2) expect(JSON.stringify(details)).not.toContain(header);
    return;
  }
  expect.unreachable();
});

test('255 bytes are taken', () => expect(readFileName('a'.repeat(255))).toHaveLength(255));

test('any text is either a safe name or a 400', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      try {
        const name = readFileName(text);
        expect(name).not.toMatch(/[/\\\p{Cc}]/u);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
      }
    }),
  );
});
