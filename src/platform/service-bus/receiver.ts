import type { ServiceBusClient } from '@azure/service-bus';
import Long from 'long';
import { untilAborted, withDeadline } from '../deadline.ts';
import type { Logger } from '../log.ts';
import type { Delivery, MessageSource, ReceivedMessage } from '../messaging.ts';
import { atRoot, closeClient, openReceiver } from './clients.ts';
import { createGate } from './gate.ts';
import type { Handling } from './handling.ts';
import { type Arrival, createPullLoop, type PullLoop } from './pull-loop.ts';
import { createReceiveReport } from './receive-report.ts';

/** Receives from one source, with its own connection and links. */
export interface Receiver {
  source: MessageSource;
  start(): void;
  /**
   * Opens new links on a new connection. The old links close when their messages are settled. No effect after `stop`.
   */
  recycle(): Promise<void>;
  peek(maxMessages: number, signal?: AbortSignal): Promise<readonly ReceivedMessage[]>;
  /**
   * Receives no new messages. Running handlers may finish until `deadline` aborts; then their messages are abandoned.
   */
  stop(deadline: AbortSignal): Promise<void>;
}

interface ReceiverOptions {
  source: MessageSource;
  createClient(): ServiceBusClient;
  createHandling(consumer: Delivery['consumer']): Handling;
  slots: number;
  answerTimeoutMs: number;
  renewLockForMs: number;
  log: Logger;
}

const afterDeadlineMs = 900; // time to abandon messages: after a second the shutdown goes on without us
const renewEveryMs = 60_000; // the shortest time between two new connections, because a connection may only be slow

/** Receives nothing before `start`. Its client connects with the first call. */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { source, createClient, createHandling, slots, answerTimeoutMs, renewLockForMs, log } = options;
  const gate = createGate({ source: source.name, log, interrupt: () => loop?.interrupt() });
  const report = createReceiveReport({ source: source.name, log });
  const handling = createHandling(gate.consumer);
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

  return {
    source,
    start() {
      if (!stopping) loop ??= atRoot(openLoop);
    },
    recycle: async () => atRoot(recycle),
    peek: (maxMessages, signal) =>
      atRoot(() =>
        openReceiver(client, source).peekMessages(maxMessages, {
          fromSequenceNumber: Long.ZERO, // otherwise the SDK continues where the last peek ended
          ...(signal && { abortSignal: signal }),
        }),
      ),
    async stop(deadline) {
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
