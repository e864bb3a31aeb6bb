import { AsyncLocalStorage } from 'node:async_hooks';
import { PermanentError, TransientError } from '../../../platform/errors.ts';
import type {
  CallMiddleware,
  Delivery,
  MessageSource,
  ReceiveMiddleware,
  Settlement,
} from '../../../platform/messaging.ts';
import type { Breakers } from './breakers.ts';

interface Consumer {
  control: Delivery['consumer'];
  /** When each dependency was last called from here, in milliseconds since 1970. */
  met: Map<string, number>;
  paused: boolean;
  timer?: NodeJS.Timeout;
  lastEndedAt: number;
}

const metForMs = 60_000;

/**
 * Pauses the consumer of a source when no dependency that its messages met in the last minute answers: taking more
 * would only copy the queue into itself. Lets one message through whenever a dependency is due to be tried again.
 */
export function createConsumers(breakers: Breakers) {
  const consumers = new Map<string, Consumer>();
  const current = new AsyncLocalStorage<{ consumer: Consumer; signal: AbortSignal; ended: AbortSignal }>();

  const of = ({ source, consumer: control }: Delivery): Consumer => {
    const known = consumers.get(source.name);
    if (known) return known;
    const created = { control, met: new Map(), paused: false, lastEndedAt: 0 };
    consumers.set(source.name, created);
    return created;
  };

  function review(consumer: Consumer): void {
    const { met, control } = consumer;
    for (const [dependency, at] of met) {
      // While paused only probes meet it, so it has a minute from when it is due. Kept for ever, one that no message
      // needs any more would be due for ever, and let everything through.
      const since = consumer.paused ? Math.max(at, breakers.probeAt(dependency)) : at;
      if (Date.now() - since > metForMs) met.delete(dependency);
    }
    const names = [...met.keys()];
    if (names.length === 0 || !names.every(breakers.isOpen)) {
      if (consumer.paused) control.resume();
      consumer.paused = false;
      clearTimeout(consumer.timer);
      return;
    }
    if (!consumer.paused) control.pause(`${names.join(', ')} ${names.length === 1 ? 'does' : 'do'} not answer`);
    consumer.paused = true;
    clearTimeout(consumer.timer);
    if (names.some(breakers.isProbing)) return; // its end brings us here again
    const waitMs = Math.max(0, Math.min(...names.map(breakers.probeAt)) - Date.now());
    consumer.timer = setTimeout(control.probe, waitMs).unref();
  }

  breakers.onChange(() => {
    for (const consumer of consumers.values()) review(consumer);
  });

  const receive: ReceiveMiddleware = async function watchConsumer(delivery, next) {
    const consumer = of(delivery);
    const ending = new AbortController();
    const signal = AbortSignal.any([delivery.signal, ending.signal]);
    let settlement: Settlement | undefined;
    try {
      settlement = await current.run({ consumer, signal, ended: ending.signal }, next);
      return settlement;
    } finally {
      // A call that is still running: one that took too long, or, when all went well, one that was not needed any more.
      const left = 'The handler did not wait for its call.';
      ending.abort(settlement?.kind === 'complete' ? new PermanentError('NotNeeded', left) : new TransientError(left));
      consumer.lastEndedAt = Date.now();
      review(consumer);
    }
  };

  const call: CallMiddleware = async function callDependency(dependency, next) {
    const here = current.getStore();
    if (!here || here.ended.aborted) return breakers.call(dependency, next); // of nobody's message
    here.signal.throwIfAborted(); // too late to say anything about the dependency
    here.consumer.met.set(dependency, Date.now());
    let called: ReturnType<typeof next> | undefined;
    const run = () => {
      called = next();
      return called;
    };
    try {
      return await breakers.call(dependency, () => untilAborted(here.signal, run));
    } catch (error) {
      // Whoever goes on without its handler still gets its own answer; only the breaker does not wait for it.
      if (called && here.ended.aborted && here.signal.reason === here.ended.reason) return called;
      throw error;
    }
  };

  return {
    receive,
    call,
    isPaused: ({ name }: MessageSource) => consumers.get(name)?.paused ?? false,
    /** Milliseconds since 1970; 0 when there was no message yet. */
    lastEndedAt: ({ name }: MessageSource) => consumers.get(name)?.lastEndedAt ?? 0,
    stop() {
      for (const { timer } of consumers.values()) clearTimeout(timer);
    },
  };
}

/** A call that ignores its signal would never count as failed, and a probe that never ends would be the last. */
async function untilAborted<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([run(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
