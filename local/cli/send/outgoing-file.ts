import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { type CorpusItem, createCorpus } from '../../corpus/index.ts';

/** One `POST /files` to come. */
export interface OutgoingFile {
  /** For people, when something is wrong with it. */
  label: string;
  headers: Readonly<Record<string, string>>;
  /** The answer that it must get; undefined: whatever comes is counted. */
  expectedStatus: number | undefined;
  /** Opens the content anew for every attempt. Throws when it cannot be read. */
  open(): Promise<{ bytes: number; content: Readable }>;
}

/** Files on disk. Their keys are new in every run, so that sending a folder twice is two sets of files. */
export function* filesFromDisk(paths: readonly string[], runId: string): Generator<OutgoingFile> {
  for (const [index, path] of paths.entries()) {
    yield {
      label: path,
      headers: {
        'x-file-name': encodeURIComponent(basename(path).toWellFormed()),
        'content-type': 'application/octet-stream',
        'idempotency-key': `${runId}-${index}`,
      },
      expectedStatus: undefined,
      async open() {
        const handle = await open(path);
        const { size } = await handle.stat();
        if (size > 0) return { bytes: size, content: handle.createReadStream({ start: 0, end: size - 1 }) };
        await handle.close();
        return { bytes: 0, content: Readable.from([]) };
      },
    };
  }
}

/** The seeded sample. Only the keys differ from run to run. */
export function* filesFromSample(count: number, seed: number, runId: string): Generator<OutgoingFile> {
  for (const item of createCorpus({ count, seed })) yield fromItem(item, runId);
}

function fromItem({ index, tries, headers, file, expectedStatus, content }: CorpusItem, runId: string): OutgoingFile {
  return {
    label: `sample ${index} (${tries})`,
    headers: file === undefined ? headers : { ...headers, 'idempotency-key': `${runId}-${file}` },
    expectedStatus,
    async open() {
      const bytes = content();
      return { bytes: bytes.length, content: Readable.from(bytes.length > 0 ? [bytes] : []) };
    },
  };
}
