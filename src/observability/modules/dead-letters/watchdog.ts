import { setTimeout as sleep } from 'node:timers/promises';
import { withDeadline } from '../../../platform/deadline.ts';
import type { Logger } from '../../../platform/log.ts';
import type { MessageSource, Messaging, ReceivedMessage } from '../../../platform/messaging.ts';

interface WatchdogOptions {
  messaging: Pick<Messaging, 'sources' | 'stopping' | 'peek' | 'recycle'>;
  isPaused(source: MessageSource): boolean;
  /** When the last handler of the source ended, in milliseconds since 1970. */
  lastEndedAt(source: MessageSource): number;
  log: Logger;
  /** Milliseconds that messages may wait while no handler ends; longer than any handler may take. */
  silentMs: number;
  everyMs?: number;
  /** Milliseconds that a message may stay locked by another replica that has died. */
  heldMs(source: MessageSource): number;
}

const peeked = 50;
const peekDeadlineMs = 10_000;

/**
 * Notices a consumer that gets no message although messages wait: after a lost token renewal, or on a half-open
 * connection, the SDK can stop receiving for good (Azure/azure-sdk-for-js#38467). Logs it and replaces the client, at
 * most once in `silentMs`. Ends when the service stops receiving.
 */
export function startWatchdog(options: WatchdogOptions): void {
  const { messaging, isPaused, lastEndedAt, log, silentMs, everyMs = silentMs / 4, heldMs } = options;
  const { stopping } = messaging;
  const quietUntil = new Map<string, number>();
  const startedAt = Date.now();

  async function look(source: MessageSource): Promise<void> {
    const now = Date.now();
    const since = Math.max(startedAt, lastEndedAt(source));
    if (isPaused(source) || now - since < silentMs || now < (quietUntil.get(source.name) ?? 0)) return;
    const waits = await waiting(source, now - silentMs - heldMs(source));
    if (waits === 0 || stopping.aborted) return;
    quietUntil.set(source.name, now + silentMs);
    const seconds = Math.round((now - since) / 1000);
    log.error('consumer stalled, its client is replaced', {
      source: source.name,
      seconds,
      waiting: waits ?? 'unknown',
    });
    await messaging.recycle(source);
  }

  /** How many of the oldest messages of a source have waited since the time `since`; undefined when the broker does not answer the peek. */
  async function waiting(source: MessageSource, since: number): Promise<number | undefined> {
    const late = () => new Error('Service Bus did not answer.');
    try {
      const oldest = await withDeadline(peekDeadlineMs, () => messaging.peek(source, peeked), late);
      // A peek also shows messages that cannot be received: locked by another replica, or deferred.
      return oldest.filter((message) => message.state !== 'deferred' && availableAt(message) <= since).length;
    } catch (error) {
      log.debug('the watchdog cannot look at the queue', { source: source.name, error });
      return undefined;
    }
  }

  async function watch(): Promise<void> {
    while (!stopping.aborted) {
      await sleep(everyMs, undefined, { signal: stopping, ref: false }).catch(() => {});
      for (const source of stopping.aborted ? [] : messaging.sources) {
        await look(source).catch((error) => log.warning('the watchdog failed', { source: source.name, error }));
      }
    }
  }

  void watch();
}

const availableAt = ({ enqueuedTimeUtc, scheduledEnqueueTimeUtc }: ReceivedMessage) =>
  Math.max(enqueuedTimeUtc?.getTime() ?? 0, scheduledEnqueueTimeUtc?.getTime() ?? 0);
