import type { ServiceBusClient } from '@azure/service-bus';
import Long from 'long';
import type { Logger } from '../log.ts';
import type { Delivery, MessageSource, ReceivedMessage } from '../messaging.ts';
import { atRoot, closeClient, openReceiver } from './clients.ts';
import { createGate } from './gate.ts';
import type { Handling } from './handling.ts';
import { withDeadline } from './persist.ts';
import { createPullLoop, type PullLoop } from './pull-loop.ts';
import { createReceiveReport } from './receive-report.ts';

/** Everything that receives from one source. */
export interface Receiver {
  source: MessageSource;
  start(): void;
  /** Opens new links on a new connection; the old ones end when the messages on them are settled. Not once it stops. */
  recycle(): Promise<void>;
  peek(maxMessages: number, signal?: AbortSignal): Promise<readonly ReceivedMessage[]>;
  /** No new messages; those in hand may end until `deadline` aborts, then they are abandoned. */
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

const afterDeadlineMs = 900; // to abandon what has been given up: the lifecycle leaves us behind after a second
const renewEveryMs = 60_000; // at most, for a connection that may be slow rather than dead

/** Starts nothing by itself. Its client connects with the first call. */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { source, createClient, createHandling, slots, answerTimeoutMs, renewLockForMs, log } = options;
  const gate = createGate();
  const report = createReceiveReport({ source: source.name, log });
  const handling = createHandling({
    pause(why) {
      if (!gate.close()) return;
      log.warning('consumer paused', { source: source.name, why });
      loop?.interrupt();
    },
    probe: gate.admitOne,
    resume() {
      if (gate.open()) log.info('consumer resumed', { source: source.name });
    },
  });
  let client = createClient();
  let loop: PullLoop | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let stopping = false;
  const retiring = new Set<Promise<void>>();

  const openLoop = (): PullLoop => {
    const receivers = Array.from({ length: slots }, () => openReceiver(client, source, renewLockForMs));
    const opened: PullLoop = createPullLoop({
      receivers,
      gate,
      report,
      handle: handling.handle,
      answerTimeoutMs,
      // The SDK (7.9.5) loses itself for 60 s when a connection breaks while one of its links sends a token.
      stuck() {
        if (opened !== loop || performance.now() < renewedAt + renewEveryMs) return;
        renewedAt = performance.now();
        log.warning('connection replaced, it does not answer', { source: source.name });
        recycle();
      },
    });
    return opened;
  };

  function recycle(): void {
    if (stopping) return;
    const old = { client, loop };
    client = createClient();
    loop = old.loop && openLoop();
    const retired = retire(old).finally(() => retiring.delete(retired));
    retiring.add(retired);
  }

  async function retire(old: { client: ServiceBusClient; loop: PullLoop | undefined }): Promise<void> {
    const late = (await old.loop?.stopReceiving()) ?? [];
    await Promise.all([old.loop?.finished, ...late.map(handling.handle)]);
    await closeClient(old.client);
  }

  /** Waits for what is in hand, until the deadline; then gives it up, which takes a moment too. */
  async function end(deadline: AbortSignal): Promise<void> {
    const refused = loop?.stopReceiving().then((late) => Promise.all(late.map(handling.refuse)));
    const ended = Promise.all([refused, loop?.finished, ...retiring]);
    const gone = Promise.withResolvers<void>();
    deadline.addEventListener('abort', () => gone.resolve(), { once: true });
    if (deadline.aborted) gone.resolve();
    await Promise.race([ended, gone.promise]);
    handling.giveUp();
    await withDeadline(
      afterDeadlineMs,
      () => ended,
      () => new Error('Messages may stay locked until their locks end.'),
    );
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
          fromSequenceNumber: Long.ZERO, // without it the SDK goes on where the last peek ended
          ...(signal && { abortSignal: signal }),
        }),
      ),
    async stop(deadline) {
      stopping = true;
      await end(deadline).catch((error) =>
        log.warning('stopped before all messages were settled', { source: source.name, error }),
      );
      await closeClient(client);
    },
  };
}
