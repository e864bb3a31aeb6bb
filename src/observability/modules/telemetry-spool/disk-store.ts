import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A batch at rest. `at` is when it was handed over, in milliseconds of the epoch; `bytes` what it takes. */
export interface StoredBatch {
  readonly at: number;
  readonly bytes: number;
  /** Undefined when somebody else has taken it. */
  read(): Promise<string | undefined>;
  remove(): Promise<void>;
}

export interface DiskStore {
  /** Throws what the disk says, also when it does not answer in time. */
  save(body: string, at: number): Promise<StoredBatch>;
}

const extension = '.json';

/**
 * One file a batch, mode 0600 in a folder of mode 0700. It appears whole or not at all, so that a kill leaves no half
 * batch. One write at a time: a network disk that hangs must not take the threads that the service resolves names with.
 */
export function createDiskStore(folder: string, { timeoutMs = 2_000, write = writeBatch } = {}): DiskStore {
  let lastWrite: Promise<unknown> = Promise.resolve();
  let hanging = false;

  return {
    async save(body, at) {
      if (hanging) throw new Error('the disk does not answer');
      let givenUp = false;
      const written = lastWrite.then(() => (givenUp ? undefined : write(folder, body, at)));
      lastWrite = written.catch(() => {});
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        givenUp = true;
        hanging = true;
        // What is written after all is kept elsewhere by then.
        written.then((batch) => batch?.remove()).catch(() => {});
        void lastWrite.then(() => {
          hanging = false;
        });
        late.reject(new Error(`the disk did not answer within ${timeoutMs} ms`));
      }, timeoutMs);
      try {
        return (await Promise.race([written, late.promise])) as StoredBatch;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

async function writeBatch(folder: string, body: string, at: number): Promise<StoredBatch> {
  const name = newFileName(at);
  const path = join(folder, name.slice(0, -extension.length));
  const options = { mode: 0o600, flag: 'wx' };
  try {
    await writeFile(path, body, options).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(path, body, options);
    });
    await rename(path, path + extension);
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw error;
  }
  return openBatch(path + extension, at, Buffer.byteLength(body));
}

/** The batch of a file that is there. */
export const openBatch = (path: string, at: number, bytes: number): StoredBatch => ({
  at,
  bytes,
  read: () =>
    readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }),
  remove: () => rm(path, { force: true }),
});

export const newFileName = (at: number): string => `${at}-${randomBytes(6).toString('hex')}${extension}`;

/** When the batch of this file name was handed over; undefined for what is no whole batch. */
export function readFileTime(name: string): number | undefined {
  const [, at] = /^(\d{1,15})-[\da-f]{12}\.json$/.exec(name) ?? [];
  return at === undefined ? undefined : Number(at);
}
