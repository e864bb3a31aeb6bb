import { basename } from 'node:path';
import { openBody, openFile } from '../contents.ts';
import type { DrillRequests, HttpRequest } from '../local-business.ts';
import { type CorpusItem, createCorpus } from './corpus/index.ts';

const path = '/files';

export const exampleFile: HttpRequest = {
  label: 'hello.txt',
  path,
  headers: { 'x-file-name': 'hello.txt', 'content-type': 'text/plain' },
  open: async () => openBody(Buffer.from('hello')),
};

/** For drills: files that take turns at the destinations of the rules, and one that no rule sends anywhere. */
export const drillFiles: DrillRequests = {
  usual: (key, index) => drillFile(key, ['letter.txt', 'picture.png', 'backup.zip'][index % 3] ?? 'letter.txt'),
  poison: (key) => drillFile(key, 'letter.tmp'),
};

const drillFile = (key: string, name: string): HttpRequest => ({
  label: name,
  path,
  headers: { 'x-file-name': name, 'content-type': 'application/octet-stream', 'idempotency-key': key },
  open: async () => openBody(Buffer.from(`${name} of ${key}`)),
});

/** Files on disk. Their keys are new in every run, so that sending a folder twice is two sets of files. */
export function* filesFromDisk(paths: readonly string[], runId: string): Generator<HttpRequest> {
  for (const [index, file] of paths.entries()) {
    yield {
      label: file,
      path,
      headers: {
        'x-file-name': encodeURIComponent(basename(file).toWellFormed()),
        'content-type': 'application/octet-stream',
        'idempotency-key': `${runId}-${index}`,
      },
      open: () => openFile(file),
    };
  }
}

/** The seeded sample. Only the keys differ from run to run. */
export function* filesFromSample({
  count,
  seed,
  runId,
}: {
  count: number;
  seed: number;
  runId: string;
}): Generator<HttpRequest> {
  for (const item of createCorpus({ count, seed })) yield fromItem(item, runId);
}

function fromItem({ index, tries, headers, file, expectedStatus, content }: CorpusItem, runId: string): HttpRequest {
  return {
    label: `sample ${index} (${tries})`,
    fileName: decoded(headers['x-file-name'] ?? ''),
    path,
    headers: file === undefined ? headers : { ...headers, 'idempotency-key': `${runId}-${file}` },
    expectedStatus,
    open: async () => openBody(content()),
  };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // some are wrong on purpose
  }
}
