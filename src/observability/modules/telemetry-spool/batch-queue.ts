import type { DiskStore, StoredBatch } from './disk-store.ts';

/** A batch in the queue. */
export interface Entry extends StoredBatch {
  /** Undefined for one on disk. */
  body: string | undefined;
  /** Somebody is sending it: not to be sent by anybody else. */
  inHand: boolean;
  /** How often the endpoint answered that it could not take it. */
  tries: number;
}

export interface Limits {
  /** Each takes some memory, wherever its content is. */
  batches: number;
  diskBytes: number;
  memoryBytes: number;
  ageMs: number;
}

export interface BatchQueue {
  /** Keeps a batch that is about to be sent, on disk if that can be. Never rejects. */
  keep(body: string): Promise<Entry>;
  /** Keeps the part of a batch that is left in the place of the whole. */
  shrink(entry: Entry, body: string): Promise<void>;
  adopt(batches: readonly StoredBatch[]): void;
  remove(entry: Entry): void;
  /** Gives back one that was in hand and could not be delivered. */
  release(entry: Entry): void;
  /** Removes one that will never be delivered, and tells of it. */
  drop(entry: Entry, why: string): Promise<void>;
  /** The next to send, and it is in hand then. The oldest, but after those that the endpoint has refused less often. */
  next(): Entry | undefined;
  size(): number;
  /** Writes what memory holds; what the disk does not take is dropped, now and from here on. */
  close(): Promise<void>;
}

interface QueueOptions {
  store: DiskStore;
  now(): number;
  limits?: Partial<Limits>;
  /** Told once a batch that is given up, with its content if that can be read. */
  dropped(body: string, why: string): void;
  /** Told at each change. */
  diskFailed(error: unknown): void;
  diskWorks(): void;
}

const triesInTurn = 5;
const endedWithoutDisk = 'the service ended and the disk did not take it';

/** Batches by age, bounded in size and age: the oldest goes first. What cannot be written waits in memory. */
export function createBatchQueue({ store, now, limits, dropped, diskFailed, diskWorks }: QueueOptions): BatchQueue {
  const { batches = 20_000, diskBytes = 50e6, memoryBytes = 8e6, ageMs = 48 * 3_600_000 } = limits ?? {};
  const entries: Entry[] = [];
  let diskIsFine = true;
  let closed = false;
  let newest = 0;

  async function save(body: string, at: number): Promise<StoredBatch | undefined> {
    try {
      const batch = await store.save(body, at);
      if (!diskIsFine) diskWorks();
      diskIsFine = true;
      return batch;
    } catch (error) {
      if (diskIsFine) diskFailed(error);
      diskIsFine = false;
      return undefined;
    }
  }

  async function hold(body: string, at: number): Promise<Entry> {
    const batch = (await save(body, at)) ?? inMemory(body, at);
    const entry = { ...batch, inHand: true, tries: 0 } as Entry;
    insert(entry);
    return entry;
  }

  function insert(entry: Entry): void {
    const place = entries.findLastIndex(({ at }) => at <= entry.at);
    entries.splice(place + 1, 0, entry);
  }

  function remove(entry: Entry): void {
    const place = entries.indexOf(entry);
    if (place < 0) return;
    entries.splice(place, 1);
    entry.remove().catch(() => {}); // found again by the next process, and delivered twice
  }

  function release(entry: Entry): void {
    entry.inHand = false;
    if (closed && entry.body !== undefined) void toDisk(entry);
  }

  /** Moves one from memory to disk, also one that is being sent; drops it when the disk does not take it. */
  async function toDisk(entry: Entry): Promise<void> {
    if (entry.body === undefined) return;
    const batch = await save(entry.body, entry.at);
    // Meanwhile it may have been delivered, dropped, or stored from elsewhere.
    const isKept = entries.includes(entry) && entry.body !== undefined;
    if (batch && isKept) Object.assign(entry, batch, { body: undefined });
    else if (batch) await batch.remove().catch(() => {});
    else if (isKept && !entry.inHand) await drop(entry, endedWithoutDisk);
  }

  async function drop(entry: Entry, why: string): Promise<void> {
    const place = entries.indexOf(entry);
    if (place < 0) return;
    entries.splice(place, 1);
    const body = await entry.read().catch(() => undefined);
    await entry.remove().catch(() => {});
    if (body !== undefined) dropped(body, why);
  }

  async function trim(): Promise<void> {
    const tooMuch = (onDisk: boolean, most: number) => {
      const kind = entries.filter(({ body }) => (body === undefined) === onDisk);
      return kind.reduce((sum, { bytes }) => sum + bytes, 0) > most ? kind.find(({ inHand }) => !inHand) : undefined;
    };
    for (;;) {
      const old = entries.find(({ at, inHand }) => !inHand && at < now() - ageMs);
      if (old) await drop(old, 'it was too old');
      const tooMany = entries.length > batches ? entries.find(({ inHand }) => !inHand) : undefined;
      const first = tooMany ?? tooMuch(true, diskBytes) ?? tooMuch(false, memoryBytes);
      if (first) await drop(first, 'the spool is full');
      if (!old && !first) return;
    }
  }

  return {
    async keep(body) {
      newest = Math.max(newest, now()); // a clock that is set back makes nothing older
      const entry = await hold(body, newest);
      void trim();
      return entry;
    },
    async shrink(entry, body) {
      const rest = await hold(body, entry.at);
      remove(entry);
      release(rest);
    },
    adopt(batches) {
      for (const batch of batches) insert({ ...batch, body: undefined, inHand: false, tries: 0 });
      void trim();
    },
    remove,
    release,
    drop,
    next() {
      void trim();
      const waiting = entries.filter(({ inHand }) => !inHand);
      const entry = waiting.find(({ tries }) => tries < triesInTurn) ?? waiting[0];
      if (entry) entry.inHand = true;
      return entry;
    },
    size: () => entries.length,
    async close() {
      closed = true;
      for (const entry of entries.filter(({ body }) => body !== undefined)) await toDisk(entry);
    },
  };
}

const inMemory = (body: string, at: number): StoredBatch & { body: string } => ({
  at,
  body,
  bytes: Buffer.byteLength(body),
  read: async () => body,
  remove: async () => {},
});
