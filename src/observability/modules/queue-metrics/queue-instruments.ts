import { metrics, type ObservableGauge } from '@opentelemetry/api';
import type { Clock } from '../../../platform/clock.ts';
import type { Delivery, MessageSource, Messaging, Settlement } from '../../../platform/messaging.ts';

/** What was read about a source. A value is absent when it could not be read. */
export interface QueueReading {
  active?: number | undefined;
  deadLetters?: number | undefined;
  /** Absent for a subscription: the broker does not tell. */
  scheduled?: number | undefined;
  /** In seconds; 0 when no message waits. */
  oldestAge?: number | undefined;
}

/** A reading that is older is not shown any more: the broker may have been out of reach since. */
const freshMs = 180_000;

/**
 * The metrics of the sources. `start` makes the instruments, `show` takes a new reading of a source, `measure` wraps the
 * handling and the settlement of a delivery. Every value has the attribute `source`.
 */
export function createQueueInstruments(clock: Clock) {
  const readings = new Map<string, { at: number; reading: QueueReading }>();
  const inFlight = new Map<string, number>();
  let instruments: ReturnType<typeof makeInstruments> | undefined;

  return {
    /** Not before the SDK has started: an instrument that is made earlier never begins to work. */
    start({ sources, isPaused }: Pick<Messaging, 'sources' | 'isPaused'>): void {
      const made = makeInstruments();
      const { meter, read, handled, receiving } = made;
      meter.addBatchObservableCallback(
        (result) => {
          for (const source of sources) {
            const attributes = { source: source.name };
            const { at = 0, reading = {} } = readings.get(source.name) ?? {};
            const isFresh = clock.now().getTime() - at < freshMs;
            for (const [name, instrument] of Object.entries(read)) {
              const value = reading[name as keyof QueueReading];
              if (isFresh && value !== undefined) result.observe(instrument, value, attributes);
            }
            result.observe(handled, inFlight.get(source.name) ?? 0, attributes);
            result.observe(receiving, isPaused(source) ? 0 : 1, attributes);
          }
        },
        [...Object.values(read), handled, receiving],
      );
      instruments = made;
    },
    show({ name }: MessageSource, reading: QueueReading): void {
      readings.set(name, { at: clock.now().getTime(), reading });
    },
    /** Passes on what `next` returns or throws. A settlement that failed is not counted. */
    async measure({ message, source: { name } }: Delivery, next: () => Promise<Settlement>): Promise<Settlement> {
      if (!instruments) return next();
      const source = { source: name };
      inFlight.set(name, (inFlight.get(name) ?? 0) + 1);
      instruments.timeInQueue.record(Math.max(0, clock.now().getTime() - receivableAt(message)) / 1000, source);
      try {
        const settlement = await next();
        instruments.settled.add(1, { ...source, settlement: settlement.kind });
        return settlement;
      } finally {
        inFlight.set(name, (inFlight.get(name) ?? 1) - 1);
      }
    },
  };
}

function makeInstruments() {
  const meter = metrics.getMeter('queue-metrics');
  const gauge = (name: string, unit: string, description: string) =>
    meter.createObservableGauge(name, { unit, description });
  const read: Readonly<Record<keyof QueueReading, ObservableGauge>> = {
    active: gauge('servicebus.messages.active', '{message}', 'Messages that can be received, or are being handled.'),
    deadLetters: gauge('servicebus.messages.dead_letter', '{message}', 'Messages in the dead-letter queue.'),
    scheduled: gauge('servicebus.messages.scheduled', '{message}', 'Copies and messages that wait for their time.'),
    oldestAge: gauge('servicebus.oldest_message.age', 's', 'Time since the broker first accepted the oldest message.'),
  };
  return {
    meter,
    read,
    handled: gauge('servicebus.messages.in_flight', '{message}', 'Messages in the hands of this process.'),
    receiving: gauge('servicebus.consumer.receiving', '1', '1 while the consumer receives, 0 while it is paused.'),
    settled: meter.createCounter('servicebus.messages.settled', {
      unit: '{message}',
      description: 'Messages that this process has settled, by `settlement`.',
    }),
    timeInQueue: meter.createHistogram('servicebus.time_in_queue', {
      unit: 's',
      description: 'Time from the moment when a message could be received until it was.',
      advice: { explicitBucketBoundaries: [0.01, 0.1, 1, 10, 60, 300, 3_600, 86_400] },
    }),
  };
}

const receivableAt = ({ enqueuedTimeUtc, scheduledEnqueueTimeUtc }: Delivery['message']) =>
  Math.max(enqueuedTimeUtc?.getTime() ?? 0, scheduledEnqueueTimeUtc?.getTime() ?? 0);
