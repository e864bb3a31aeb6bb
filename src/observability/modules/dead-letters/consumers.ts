import { AsyncLocalStorage } from 'node:async_hooks';
import { TransientError } from '../../../platform/errors.ts';
import { originalIdOf } from '../../../platform/message-properties.ts';
import type { CallMiddleware, Delivery, MessageSource, ReceiveMiddleware } from '../../../platform/messaging.ts';
import { type Caller, LeftBehind } from './breaker.ts';
import type { Breakers } from './breakers.ts';
import { causesOf, classify } from './failure-table.ts';

/** One run of a handler. */
interface Handling extends Caller {
  source: string;
  ended: AbortSignal;
  /** The errors of its calls. */
  thrown: Set<unknown>;
}

/**
 * Assigns each call to the run of a handler, and stops waiting for a call when its handler has ended. A call outside of
 * a running handler may take `callTimeoutMs`.
 */
export function createConsumers(breakers: Breakers, callTimeoutMs: number) {
  const current = new AsyncLocalStorage<Handling>();
  const { ended: handlerEnded, ...pauses } = createPauses(breakers);

  const receive: ReceiveMiddleware = async function watchConsumer(delivery, next) {
    const { message, source } = delivery;
    const ending = new AbortController();
    const handling: Handling = {
      source: source.name,
      message: `${source.name} ${originalIdOf(message) || message.sequenceNumber}`,
      signal: AbortSignal.any([delivery.signal, ending.signal]),
      ended: ending.signal,
      thrown: new Set(),
    };
    let end: Error = new LeftBehind('The handler did not wait for its call.');
    try {
      return await current.run(handling, next);
    } catch (error) {
      // The handler failed, but not because of a call: it may have waited too long for a call that is still running, so
      // that call counts as failed.
      const isByCall = causesOf(error).some((cause) => handling.thrown.has(cause));
      if (!isByCall && classify(error).class === 'transient') end = new TransientError(end.message);
      throw error;
    } finally {
      ending.abort(end);
      handlerEnded(delivery);
    }
  };

  const call: CallMiddleware = async function callDependency(dependency, next) {
    const handling = current.getStore();
    if (!handling || handling.ended.aborted) {
      // No handler ends this call, so it gets a deadline: if it hung as a probe, it would block all later calls.
      const signal = AbortSignal.timeout(callTimeoutMs);
      return breakers.call(dependency, { message: handling?.message ?? '', signal }, next);
    }
    const { signal, ended, thrown } = handling;
    signal.throwIfAborted(); // after the handler's deadline a call says nothing about the dependency
    let called: ReturnType<typeof next> | undefined;
    const run = () => {
      called = next();
      return called;
    };
    try {
      return await breakers.call(dependency, handling, run);
    } catch (error) {
      thrown.add(error);
      // The handler has ended, but its call still runs: return the call's own result. The breaker does not wait for it.
      if (called && ended.aborted && signal.reason === ended.reason) return called;
      throw error;
    }
  };

  return { receive, call, ...pauses };
}

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
function createPauses(breakers: Breakers) {
  const consumers = new Map<string, Consumer>();

  function review(source: string, consumer: Consumer): void {
    const { control, paused } = consumer;
    const met = breakers.metBy(source, { paused });
    consumer.paused = met.length > 0 && met.every(({ isOpen }) => isOpen());
    if (consumer.paused) control.pause(`no answer: ${met.map(({ dependency }) => dependency).join(', ')}`);
    else control.resume(); // both do nothing the second time
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
