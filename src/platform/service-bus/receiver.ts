import type { ServiceBusClient } from '@azure/service-bus';
import Long from 'long';
import { untilAborted, withDeadline } from '../deadline.ts';
import type { Logger } from '../log.ts';
import type { Delivery, Page } from '../messaging.ts';
import { atRoot, closeClient, openReceiver } from './clients.ts';
import { createHandling, type HandlingOptions } from './handling.ts';
import { brokerError } from './persist.ts';
import { type Arrival, createPullLoop, type PullLoop } from './pull-loop.ts';

interface ReceiverOptions extends Omit<HandlingOptions, 'consumer'> {
  createClient(): ServiceBusClient;
  slots: number;
  renewLockForMs: number;
}

interface PeekOptions extends Page {
  abortSignal?: AbortSignal;
}

const afterDeadlineMs = 900; // time to abandon messages: after a second the shutdown goes on without us
const renewEveryMs = 60_000; // the shortest time between two new connections, because a connection may only be slow

/**
 * Receives from one source, with its own connection and links. Receives nothing before `start`. Its client connects
 * with the first call.
 */
export function createReceiver(options: ReceiverOptions) {
  const { createClient, slots, answerTimeoutMs, renewLockForMs, log } = options;
  const { source } = options.assignment;
  const gate = createGate(source.name, log, () => loop?.interrupt());
  const report = createReceiveReport(source.name, log);
  const handling = createHandling({ ...options, consumer: gate.consumer });
  let client = createClient();
  let loop: PullLoop | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let stopping = false;
  const retiring = new Set<Promise<void>>();

  const openLoop = (): PullLoop => {
    const receivers = Array.from({ length: slots }, () => openReceiver(client, source, renewLockForMs));
    // A message that arrives while receiving ends is abandoned without being handled.
    const handle = (arrival: Arrival) => (stopping ? handling.refuse(arrival) : handling.handle(arrival));
    const stuck = () => opened === loop && renew();
    const opened: PullLoop = createPullLoop({ receivers, gate, report, handle, stuck, answerTimeoutMs });
    return opened;
  };

  /** The SDK (7.9.5) hangs for 60 s when a connection breaks while one of its links sends a token. */
  function renew(): void {
    if (stopping || performance.now() < renewedAt + renewEveryMs) return;
    renewedAt = performance.now();
    log.warning('connection replaced, it does not answer', { source: source.name });
    recycle();
  }

  function recycle(): void {
    if (stopping) return;
    const retired = retire(client, loop).finally(() => retiring.delete(retired));
    retiring.add(retired);
    client = createClient();
    loop &&= openLoop();
  }

  /** Without a number the SDK continues where the last peek ended. */
  function peek(maxMessages: number, { from = 0n, subQueueType, ...signal }: PeekOptions = {}) {
    const options = { fromSequenceNumber: Long.fromString(String(from)), ...signal };
    return atRoot(() => openReceiver(client, source, 0, subQueueType).peekMessages(maxMessages, options));
  }

  return {
    source,
    start() {
      if (!stopping) loop ??= atRoot(openLoop);
    },
    /** Opens new links on a new connection. The old links close when their messages are settled. No effect after `stop`. */
    recycle: () => atRoot(recycle),
    isPaused: gate.isPaused,
    peek,
    peekOne: (abortSignal: AbortSignal) => peek(1, { abortSignal }),
    /** Receives no new messages. Running handlers may finish until `deadline` aborts; then their messages are abandoned. */
    async stop(deadline: AbortSignal): Promise<void> {
      stopping = true;
      const ended = Promise.all([loop?.stop(), ...retiring]);
      await untilAborted(deadline, () => ended).catch(() => {});
      handling.giveUp(); // the platform then abandons their messages
      const late = () => new Error('Messages may stay locked until their locks end.');
      await withDeadline(afterDeadlineMs, () => ended, late).catch((error) =>
        log.warning('stopped before all messages were settled', { source: source.name, error }),
      );
      await closeClient(client);
    },
  };
}

async function retire(client: ServiceBusClient, loop: PullLoop | undefined): Promise<void> {
  await loop?.stop();
  await closeClient(client);
}

const unlimited = Number.POSITIVE_INFINITY;

/**
 * Decides how many slots of a consumer may receive: all while it is open, none while it is paused, one for a probe.
 * `interrupt` ends the receives that are waiting for a message.
 */
export function createGate(source: string, log: Logger, interrupt: () => void) {
  let permits = unlimited; // for receives; finite while the consumer is paused
  let changed = Promise.withResolvers<void>();
  const isPaused = () => permits < unlimited;
  const permit = (receives: number) => {
    permits = receives;
    changed.resolve();
    changed = Promise.withResolvers();
  };
  /** With these functions the middlewares of a delivery pause and resume the consumer. */
  const consumer: Delivery['consumer'] = {
    pause(why) {
      if (isPaused()) return;
      permit(0);
      log.warning('consumer paused', { source, why });
      interrupt();
    },
    probe() {
      if (isPaused()) permit(1);
    },
    resume() {
      if (!isPaused()) return;
      permit(unlimited);
      log.info('consumer resumed', { source });
    },
  };
  return {
    consumer,
    isPaused,
    /** Resolves when a slot may receive. `probing`: it receives a probe. Throws the signal's reason when that aborts. */
    async enter(signal: AbortSignal) {
      while (permits === 0) await untilAborted(signal, () => changed.promise);
      signal.throwIfAborted();
      permits -= 1;
      return { probing: isPaused() };
    },
  };
}

/**
 * Logs once that receiving fails and once that it works again, and in between one line a minute with the number of
 * failures. While it is disconnected, the SDK can report thousands of errors a second.
 */
export function createReceiveReport(source: string, log: Logger, everyMs = 60_000) {
  let failures = 0;
  let saidAt = 0;
  return {
    failed(error: unknown) {
      const first = failures === 0;
      failures += 1;
      if (!first && performance.now() - saidAt < everyMs) return;
      saidAt = performance.now();
      log.warning(first ? 'receive failing' : 'receive still failing', { source, failures, error: brokerError(error) });
    },
    succeeded() {
      if (failures > 0) log.info('receiving again', { source, failures });
      failures = 0;
    },
  };
}
