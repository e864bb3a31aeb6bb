import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parcelIdOf, postParcel } from '../test/service/post-parcel.ts';

/** A message of the load. Times are milliseconds since 1970. */
export interface SentFile {
  /** What the destination keeps it under: its id. */
  key: string;
  destination: 'north' | 'south';
  sha256: string;
  sentAt: number;
  /** When the service answered 202: from then on it is the service's. */
  acceptedAt?: number;
}

export interface Load {
  /** Oldest first. */
  readonly files: readonly SentFile[];
  /** Answers other than 202, and requests without an answer. Each is sent again, as a caller does. */
  refused(): number;
  /** Sends no new file, and resolves when each is accepted, or half a minute later. */
  stop(): Promise<void>;
}

const retryAfterMs = 500;
const patienceMs = 30_000;

/** Sends messages at a steady rate, half of them to each of two destinations, whatever the service answers. */
export function startLoad(service: { url: string }, perSecond: number): Load {
  const files: SentFile[] = [];
  const underWay = new Set<Promise<void>>();
  const startedAt = performance.now();
  let refused = 0;
  let givenUp = false;

  async function send(file: SentFile, text: string): Promise<void> {
    while (!givenUp && file.acceptedAt === undefined) {
      const answer = await postParcel(service, { key: text, depot: file.destination, content: text }).catch(
        () => undefined,
      );
      if (answer?.status === 202) {
        file.acceptedAt = Date.now();
        return;
      }
      refused += 1;
      await wait(retryAfterMs);
    }
  }

  const timer = setInterval(() => {
    // By the clock: a timer that comes late makes up for it.
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond);
    while (files.length < due) {
      const text = `soak-${files.length}`;
      const destination = files.length % 2 === 0 ? 'north' : 'south';
      const file: SentFile = {
        key: parcelIdOf(text, text),
        destination,
        sha256: createHash('sha256').update(text).digest('hex'),
        sentAt: Date.now(),
      };
      files.push(file);
      const sending: Promise<void> = send(file, text).finally(() => underWay.delete(sending));
      underWay.add(sending);
    }
  }, 1000 / perSecond);

  return {
    files,
    refused: () => refused,
    async stop() {
      clearInterval(timer);
      await Promise.race([Promise.all(underWay), wait(patienceMs, undefined, { ref: false })]);
      givenUp = true;
    },
  };
}
