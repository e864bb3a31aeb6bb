import { setTimeout as sleep } from 'node:timers/promises';
import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Clock } from '../../../platform/clock.ts';
import { withDeadline } from '../../../platform/deadline.ts';
import type { Logger } from '../../../platform/log.ts';
import { property, timeIn } from '../../../platform/message-properties.ts';
import { copyQueueOf, type MessageSource, type Messaging, type ReceivedMessage } from '../../../platform/messaging.ts';
import { announceFound } from '../custom-events/message-events.ts';
import { createDeadLetterSearch } from './dead-letter-search.ts';
import type { ReadCounts } from './queue-counts.ts';
import type { QueueReading } from './queue-instruments.ts';

interface ReaderOptions {
  messaging: Pick<Messaging, 'sources' | 'stopping' | 'peek'>;
  readCounts: ReadCounts;
  show(source: MessageSource, reading: QueueReading): void;
  clock: Clock;
  log: Logger;
  /** Milliseconds between the end of one round and the next. */
  everyMs?: number;
}

const peeked = 50;
const deadlineMs = 10_000;
const late = () => new Error('Service Bus did not answer.');

/**
 * Reads one source after another, then rests for a minute: the counts, the age of the oldest message, and the dead letters
 * that the broker has made since the last round. Says once that something cannot be read and once that it can again, and
 * goes on with the rest. Ends when the service stops receiving.
 */
export function startQueueReader({ messaging, readCounts, show, clock, log, everyMs = 60_000 }: ReaderOptions): void {
  const { sources, stopping } = messaging;
  const tell = createReport(log);
  /** The key of the handler: of the copies of a subscription's messages too, the subscription. */
  const handlesOf = ({ name }: MessageSource) => sources.find((source) => copyQueueOf(source) === name)?.name ?? name;
  const search = createDeadLetterSearch(messaging.peek, (source, message) => {
    // The row belongs to the trace of the message.
    const trace = propagation.extract(ROOT_CONTEXT, message.applicationProperties ?? {});
    context.with(trace, announceFound, undefined, { message, handles: handlesOf(source) });
  });

  async function look(source: MessageSource): Promise<void> {
    const attempt = async <T>(what: string, run: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> => {
      try {
        const result = await withDeadline(deadlineMs, run, late);
        tell.works(source, what);
        return result;
      } catch (error) {
        if (!stopping.aborted) tell.fails(source, what, error);
        return undefined;
      }
    };
    const counts = await attempt('counts', (signal) => readCounts(source, signal));
    const oldest = await attempt('messages', () => messaging.peek(source, peeked));
    show(source, { ...counts, oldestAge: oldest && oldestAge(oldest, clock.now()) });
    await attempt('dead letters', (signal) => search(source, signal));
  }

  async function read(): Promise<void> {
    while (!stopping.aborted) {
      for (const source of sources) if (!stopping.aborted) await look(source);
      await sleep(everyMs, undefined, { signal: stopping, ref: false }).catch(() => {});
    }
  }

  // Otherwise each request of the reader would be a row of AppDependencies.
  void context.with(suppressTracing(ROOT_CONTEXT), read);
}

/**
 * In seconds, of those that can be received or are being handled. 0 when there are none; undefined when the first messages
 * of the source are all deferred or scheduled, because others may lie behind them.
 */
function oldestAge(messages: readonly ReceivedMessage[], now: Date): number | undefined {
  const waiting = messages.filter(({ state }) => state === 'active');
  if (waiting.length === 0) return messages.length < peeked ? 0 : undefined;
  const since = waiting.map(({ applicationProperties, enqueuedTimeUtc }) =>
    (timeIn(applicationProperties, property.firstEnqueuedAt) ?? enqueuedTimeUtc ?? now).getTime(),
  );
  return Math.max(0, now.getTime() - Math.min(...since)) / 1000;
}

const role = 'Azure Service Bus Data Owner';
const forbidden = new Set<unknown>([401, 403]);

/** Logs changes only: what cannot be read, and that it can be read again. */
function createReport(log: Logger) {
  const failing = new Set<string>();
  return {
    fails({ name }: MessageSource, what: string, error: unknown): void {
      if (failing.has(`${name} ${what}`)) return;
      failing.add(`${name} ${what}`);
      const isForbidden =
        what === 'counts' && forbidden.has((error as { statusCode?: unknown } | undefined)?.statusCode);
      const why = isForbidden
        ? `metrics of ages and handling go on: assign the role "${role}" on this queue or topic to the identity of QUEUE_READER_CLIENT_ID`
        : 'the next round tries again';
      log.warning('a queue cannot be read', { source: name, what, why, error });
    },
    works({ name }: MessageSource, what: string): void {
      if (failing.delete(`${name} ${what}`)) log.info('a queue can be read again', { source: name, what });
    },
  };
}
