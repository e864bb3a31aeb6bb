import { createHash, randomUUID } from 'node:crypto';
import { Problem } from '../../platform/problem.ts';

const idempotencyKey = /^[A-Za-z0-9._-]{1,100}$/;

/** In the shortest form of text, because every row of telemetry about a file carries its id. */
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('base64url');

/**
 * Makes the ids of files. With an idempotency key the id is a hash of caller, key and content. So a repeated request
 * has the same id and the broker drops it, but it never drops other content or the file of another caller. Accepted
 * keys are remembered for `windowMs`, as long as the queue's duplicate detection remembers ids. Of more than `mostKeys`
 * keys the oldest are forgotten.
 */
export function createFileIds({ windowMs = 600_000, mostKeys = 10_000, now = Date.now } = {}) {
  const accepted = new Map<string, { fileId: string; at: number }>();

  return {
    /** Throws a `Problem`: 400 for an invalid key, 409 when this process has accepted other content under the key. */
    idOf(caller: string, key: string | undefined, content: Buffer): string {
      if (key === undefined) return randomUUID();
      if (!idempotencyKey.test(key)) throw invalidKey();
      const fileId = sha256(JSON.stringify([caller, key, sha256(content)]));
      const before = accepted.get(nameOf(caller, key));
      if (before && before.fileId !== fileId && now() - before.at < windowMs) throw keyReused();
      return fileId;
    },

    /** Call it when the queue has confirmed the file. Until then the caller may use the key for other content. */
    remember(caller: string, key: string | undefined, fileId: string): void {
      if (key === undefined) return;
      const name = nameOf(caller, key);
      accepted.delete(name); // moves the key to the end: the newest are last
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
