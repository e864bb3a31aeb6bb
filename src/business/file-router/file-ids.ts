import { createHash, randomUUID } from 'node:crypto';
import { Problem } from '../../platform/problem.ts';

const idempotencyKey = /^[A-Za-z0-9._-]{1,100}$/;

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

/**
 * The ids of files. A caller's idempotency key and the content make the id, so that a repeat is one file and the broker,
 * which drops a repeated message id, never drops other content or another caller's file. Keys that were accepted are
 * remembered as long as the queue's duplicate detection remembers ids, at most `mostKeys` of them, the oldest go first.
 */
export function createFileIds({ windowMs = 600_000, mostKeys = 10_000, now = Date.now } = {}) {
  const accepted = new Map<string, { fileId: string; at: number }>();

  return {
    /** Throws a `Problem`: 400 when the key is none, 409 when this process has accepted other content under it. */
    idOf(caller: string, key: string | undefined, content: Buffer): string {
      if (key === undefined) return randomUUID();
      if (!idempotencyKey.test(key)) throw invalidKey();
      const fileId = sha256(JSON.stringify([caller, key, sha256(content)]));
      const before = accepted.get(nameOf(caller, key));
      if (before && before.fileId !== fileId && now() - before.at < windowMs) throw keyReused();
      return fileId;
    },

    /** Called when the queue has the file: a key whose file was refused may come again with other content. */
    remember(caller: string, key: string | undefined, fileId: string): void {
      if (key === undefined) return;
      const name = nameOf(caller, key);
      accepted.delete(name); // the newest come last
      accepted.set(name, { fileId, at: now() });
      for (const [oldest, { at }] of accepted) {
        if (accepted.size <= mostKeys && now() - at < windowMs) break;
        accepted.delete(oldest);
      }
    },
  };
}

const nameOf = (caller: string, key: string) => JSON.stringify([caller, key]);

const invalidKey = () =>
  new Problem({
    type: 'invalid-idempotency-key',
    title: 'Invalid Idempotency-Key',
    status: 400,
    detail: 'Idempotency-Key takes 1 to 100 of the characters A-Z a-z 0-9 . _ -',
  });

const keyReused = () =>
  new Problem({
    type: 'idempotency-key-reused',
    title: 'Idempotency-Key already used',
    status: 409,
    detail: 'Another file was accepted under this Idempotency-Key. Send this one under a key of its own.',
  });
