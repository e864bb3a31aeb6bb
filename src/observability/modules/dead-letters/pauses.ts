import type { Delivery, MessageSource } from '../../../platform/messaging.ts';
import type { Breakers } from './breakers.ts';

interface Consumer {
  control: Delivery['consumer'];
  paused: boolean;
  timer?: NodeJS.Timeout;
  lastEndedAt: number;
}

/**
 * Pauses the consumer of a source while no dependency that its messages called in the last minute answers: every
 * message would only be put aside. Lets one message through whenever a probe of a dependency is due.
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
    if (!consumer.paused || met.some(({ isProbing }) => isProbing())) return; // the end of the probe runs `review` again
    const waitMs = Math.min(...met.map(({ probeAt }) => probeAt())) - Date.now();
    consumer.timer = setTimeout(control.probe, Math.max(0, waitMs)).unref();
  }

  breakers.onChange(() => {
    for (const [source, consumer] of consumers) review(source, consumer);
  });

  return {
    /** Call it when a handler of the source has ended. */
    ended({ source: { name }, consumer: control }: Delivery) {
      const consumer = consumers.get(name) ?? { control, paused: false, lastEndedAt: 0 };
      consumers.set(name, consumer);
      consumer.lastEndedAt = Date.now();
      review(name, consumer);
    },
    isPaused: ({ name }: MessageSource) => consumers.get(name)?.paused ?? false,
    /** When the last handler of the source ended, in milliseconds since 1970; 0 before the first message. */
    lastEndedAt: ({ name }: MessageSource) => consumers.get(name)?.lastEndedAt ?? 0,
    stop() {
      for (const { timer } of consumers.values()) clearTimeout(timer);
    },
  };
}
