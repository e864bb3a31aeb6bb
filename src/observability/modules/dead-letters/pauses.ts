import type { Delivery, MessageSource } from '../../../platform/messaging.ts';
import type { Breakers } from './breakers.ts';

interface Consumer {
  control: Delivery['consumer'];
  paused: boolean;
  timer?: NodeJS.Timeout;
  lastEndedAt: number;
}

/**
 * Pauses the consumer of a source when no dependency that its messages met in the last minute answers: taking more
 * would only copy the queue into itself. Lets one message through whenever a dependency is due to be tried again.
 */
export function createPauses(breakers: Breakers) {
  const consumers = new Map<string, Consumer>();

  function review(source: string, consumer: Consumer): void {
    const { control, paused } = consumer;
    const met = breakers.metBy(source, { paused });
    consumer.paused = met.length > 0 && met.every(({ isOpen }) => isOpen());
    if (paused && !consumer.paused) control.resume();
    if (!paused && consumer.paused) control.pause(`no answer: ${met.map(({ dependency }) => dependency).join(', ')}`);
    clearTimeout(consumer.timer);
    if (!consumer.paused || met.some(({ isProbing }) => isProbing())) return; // the end of a probe comes here again
    const waitMs = Math.min(...met.map(({ probeAt }) => probeAt())) - Date.now();
    consumer.timer = setTimeout(control.probe, Math.max(0, waitMs)).unref();
  }

  breakers.onChange(() => {
    for (const [source, consumer] of consumers) review(source, consumer);
  });

  return {
    /** A handler of the source has ended. */
    ended({ source: { name }, consumer: control }: Delivery) {
      const consumer = consumers.get(name) ?? { control, paused: false, lastEndedAt: 0 };
      consumers.set(name, consumer);
      consumer.lastEndedAt = Date.now();
      review(name, consumer);
    },
    isPaused: ({ name }: MessageSource) => consumers.get(name)?.paused ?? false,
    /** Milliseconds since 1970; 0 when there was no message yet. */
    lastEndedAt: ({ name }: MessageSource) => consumers.get(name)?.lastEndedAt ?? 0,
    stop() {
      for (const { timer } of consumers.values()) clearTimeout(timer);
    },
  };
}
