import { AsyncLocalStorage } from 'node:async_hooks';
import { TransientError } from '../../../platform/errors.ts';
import { originalIdOf } from '../../../platform/message-properties.ts';
import type { CallMiddleware, ReceiveMiddleware } from '../../../platform/messaging.ts';
import { type Caller, LeftBehind } from './breaker.ts';
import type { Breakers } from './breakers.ts';
import { causesOf } from './dependency-unavailable.ts';
import { classify } from './failure-table.ts';
import { createPauses } from './pauses.ts';

/** One run of a handler. */
interface Handling extends Caller {
  source: string;
  ended: AbortSignal;
  /** What its calls threw. */
  thrown: Set<unknown>;
}

interface ConsumersOptions {
  breakers: Breakers;
  /** How long a call may take that no handler waits for; a handler has its own deadline. */
  callTimeoutMs: number;
}

/** Knows for which run of a handler each call is made, and ends the calls that a handler leaves behind. */
export function createConsumers({ breakers, callTimeoutMs }: ConsumersOptions) {
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
      // A handler that gave up by itself waited too long for what is still running.
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
      // Without an end of its own it might hang as the probe for which all others wait.
      const signal = AbortSignal.timeout(callTimeoutMs);
      return breakers.call(dependency, { message: handling?.message ?? '', signal }, next);
    }
    const { signal, ended, thrown } = handling;
    signal.throwIfAborted(); // too late to say anything about the dependency
    let called: ReturnType<typeof next> | undefined;
    const run = () => {
      called = next();
      return called;
    };
    try {
      return await breakers.call(dependency, handling, run);
    } catch (error) {
      thrown.add(error);
      // Code that goes on without its handler still gets its own answer; only the breaker does not wait for it.
      if (called && ended.aborted && signal.reason === ended.reason) return called;
      throw error;
    }
  };

  return { receive, call, ...pauses };
}
