import { type ItemKind, kindAt } from './item-kinds.ts';
import { createSeeded } from './seeded.ts';

/** One request of the sample, with the answer that the file router's contract promises. */
export interface CorpusItem {
  index: number;
  /** What it tries, for people. */
  tries: string;
  /** Ready for the wire: percent-encoded where the contract asks for it. */
  headers: Readonly<Record<string, string>>;
  /** Items with the same number are repeats of one file: send them with one Idempotency-Key. Undefined: send none of yours. */
  file: number | undefined;
  expectedStatus: number;
  /** Made when asked for, so that a corpus of any size costs no memory. */
  content(): Buffer;
}

/**
 * A seeded corpus: item i is the same bytes and the same name for the same seed on every machine, whatever the count, so that
 * figures of different versions compare. Fifty items hold every kind once.
 */
export function* createCorpus({ count, seed = 1 }: { count: number; seed?: number }): Generator<CorpusItem> {
  for (let index = 0; index < count; index++) yield createItem(index, seed);
}

function createItem(index: number, seed: number): CorpusItem {
  const kind: ItemKind = kindAt(index);
  if (kind.repeatsPrevious) {
    return { ...createItem(index - 1, seed), index, tries: kind.tries };
  }
  const seeded = createSeeded(`${seed}/${index}`);
  const { name, contentType, key } = kind.describe(seeded);
  const headers = {
    ...(name !== undefined && { 'x-file-name': name }),
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...(key !== undefined && { 'idempotency-key': key }),
  };
  const bytes = kind.bytes(seeded);
  return {
    index,
    tries: kind.tries,
    headers,
    file: key === undefined ? index : undefined,
    expectedStatus: kind.status,
    content: () => seeded.bytes('content', bytes),
  };
}
