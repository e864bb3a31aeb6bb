import { awkwardNames, kinds, stems, unroutedExtensions } from './names.ts';
import type { Seeded } from './seeded.ts';

/** The largest file that the file router takes. */
const LIMIT_BYTES = 196_608;
const LONGEST_NAME_BYTES = 255;

interface Description {
  /** The header's value; undefined: no header. */
  name?: string;
  contentType?: string | undefined;
  key?: string;
}

export interface ItemKind {
  tries: string;
  status: number;
  repeatsPrevious?: true;
  describe(seeded: Seeded): Description;
  bytes(seeded: Seeded): number;
}

const anyStem = (seeded: Seeded) => `${seeded.pick('stem', stems)} ${seeded.number('copy', 1_000)}`;

/** Small ones are as frequent as large ones: a power of two up to 64 KB, and a rest. */
function anySize(seeded: Seeded): number {
  const power = 2 ** seeded.number('power', 17);
  return power + seeded.number('rest', power);
}

function ordinary(seeded: Seeded): Description {
  const { extension, contentType } = seeded.pick('kind', kinds);
  return { name: encodeURIComponent(`${anyStem(seeded)}${extension}`), contentType };
}

const accepted: ItemKind = { tries: 'an ordinary file', status: 202, describe: ordinary, bytes: anySize };
const named = (tries: string, status: number, name: (seeded: Seeded) => string): ItemKind => ({
  ...accepted,
  tries,
  status,
  describe: (seeded) => ({ name: name(seeded) }),
});
const sized = (tries: string, status: number, bytes: number): ItemKind => ({
  ...accepted,
  tries,
  status,
  bytes: () => bytes,
});
const oneOf =
  (...names: readonly string[]) =>
  (seeded: Seeded) =>
    seeded.pick('name', names.map(encodeURIComponent));

/** Where in each fifty they stand; every other position is an ordinary file. */
const special: Readonly<Record<number, ItemKind>> = {
  1: { ...accepted, tries: 'the file before once more, with its Idempotency-Key', repeatsPrevious: true },
  3: named('an awkward name', 202, oneOf(...awkwardNames)),
  5: sized('an empty file', 400, 0),
  7: named('a file that no rule sends anywhere', 202, (seeded) =>
    encodeURIComponent(`${anyStem(seeded)}${seeded.pick('extension', unroutedExtensions)}`),
  ),
  9: sized('a file of one byte', 202, 1),
  11: sized('a file one byte over the limit', 413, LIMIT_BYTES + 1),
  13: named(
    'a name with a path',
    400,
    oneOf('../../etc/passwd', '/etc/shadow', 'C:\\boot.ini', '..', '.', 'a/../b.txt'),
  ),
  15: named(
    'a name with a control character',
    400,
    oneOf('nul\u0000.txt', 'bell\u0007', '\u001b[31mred', 'c1\u0085.txt'),
  ),
  17: named('a name that breaks the line', 400, oneOf('a\r\nSet-Cookie: b=c', 'a\nb.txt', 'a\u2028b.txt')),
  19: named('a name that reverses its own text', 400, oneOf('invoice\u202Efdp.exe', '\u2066exe.txt')),
  21: { ...accepted, tries: 'the file before once more, with its Idempotency-Key', repeatsPrevious: true },
  23: named('a name one byte too long', 400, () => 'n'.repeat(LONGEST_NAME_BYTES + 1)),
  25: named('the longest name', 202, () => encodeURIComponent('ก'.repeat(LONGEST_NAME_BYTES / 3))),
  27: named('broken percent-encoding', 400, (seeded) =>
    seeded.pick('name', ['%', '%E0%A4%A', '%C0%AE%C0%AE', '100%.txt']),
  ),
  29: named('a blank name', 400, oneOf(' ', '\u00a0', '\u3000')),
  31: { ...accepted, tries: 'no name', status: 400, describe: () => ({ contentType: 'text/plain' }) },
  33: sized('a file exactly at the limit', 202, LIMIT_BYTES),
  35: {
    ...accepted,
    tries: 'an Idempotency-Key that is none',
    status: 400,
    describe: (seeded) => ({
      ...ordinary(seeded),
      key: seeded.pick('key', ['k'.repeat(101), 'a:b', 'a b', '../x', 'schlüssel', '']),
    }),
  },
  37: {
    ...accepted,
    tries: 'a content type that is none',
    status: 415,
    describe: (seeded) => ({
      name: 'typed.bin',
      contentType: seeded.pick('type', [
        'pdf',
        '/',
        'image/',
        `text/${'x'.repeat(300)}`,
        'multipart/form-data; boundary=b',
      ]),
    }),
  },
  39: sized('a file far over the limit', 413, 4 * LIMIT_BYTES),
};

/** What item `index` is. */
export const kindAt = (index: number): ItemKind => special[index % 50] ?? accepted;
