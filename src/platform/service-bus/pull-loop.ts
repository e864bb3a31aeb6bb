import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceBusReceiver } from '@azure/service-bus';
import { backOffMs } from '../back-off.ts';
import type { ReceivedMessage } from '../messaging.ts';
import type { Gate } from './gate.ts';
import { askAgain, isThrottled, throttledMs } from './persist.ts';
import type { ReceiveReport } from './receive-report.ts';
import { createReceives } from './receives.ts';

type Messages = readonly ReceivedMessage[];

/** A message, and the link that it came on. */
export interface Arrival {
  message: ReceivedMessage;
  receiver: ServiceBusReceiver;
}

export interface PullLoop {
  /** Ends the waiting receives, so that no message arrives until the gate lets a slot receive again. */
  interrupt(): void;
  /** Ends receiving. Resolves when no receive is running and every received message has been handled. */
  stop(): Promise<void>;
}

interface PullLoopOptions {
  receivers: readonly ServiceBusReceiver[];
  gate: Gate;
  report: ReceiveReport;
  /** Must not throw. */
  handle(arrival: Arrival): Promise<void>;
  /** Called when the SDK does not return from a receive: its connection may be broken. */
  stuck(): void;
  answerTimeoutMs: number;
  waitMs?: number;
  /** How long a slot receives nothing after the broker throttled it, in milliseconds. */
  quietMs?: number;
}

const openAgain = { ...askAgain, capMs: 10_000 };
const proveMs = 100;

/**
 * One slot for each link. A slot receives one message, handles it and receives again. `receiveMessages(n)` on one link
 * would wait up to a second for more messages after the first, and an abort in that time would leave the received
 * messages locked. Measured on the local broker with 16 slots: when messages arrive one by one, a median of 1.4 ms
 * against 590 ms; with a full queue about the same throughput, for 0.14 ms instead of 0.06 ms of CPU a message.
 *
 * While the source is empty only one slot waits, because Azure bills each empty receive and the SDK's telemetry writes
 * a row for it. Each message wakes one more slot, so that a burst soon uses all slots.
 */
export function createPullLoop(options: PullLoopOptions): PullLoop {
  const { receivers, gate, report, handle, stuck, answerTimeoutMs, waitMs = 30_000, quietMs = throttledMs } = options;
  const ending = new AbortController();
  const ended = ending.signal;
  const receives = createReceives({ answerTimeoutMs, stuck });
  const inTurn = createTurns();
  const idle: (() => void)[] = [];
  let watching = 0;
  const rest = (ms: number) => sleep(ms, undefined, { signal: ended }).catch(() => {});

  /** The first receive on a link is not interrupted: it returns by itself after `proveMs`. */
  async function take(receiver: ServiceBusReceiver, { proven }: { proven: boolean }): Promise<Messages> {
    const { probing } = await gate.enter(ended);
    let messages: Messages = [];
    try {
      messages = await receives.next(receiver, proven ? waitMs : proveMs, { interruptible: proven });
    } finally {
      if (probing && messages.length === 0) gate.consumer.probe(); // no message came: the probe is still needed
    }
    return messages;
  }

  async function watch(receiver: ServiceBusReceiver): Promise<Messages> {
    watching += 1;
    try {
      return await take(receiver, { proven: true });
    } finally {
      watching -= 1;
    }
  }

  async function slot(receiver: ServiceBusReceiver): Promise<void> {
    const open = () => proveLink({ take: () => take(receiver, { proven: false }), report, ended, rest, quietMs });
    let works = false;
    while (!ended.aborted) {
      let messages: Messages = [];
      try {
        messages = await (works ? watch(receiver) : inTurn(open));
        works = true;
      } catch (error) {
        works = false; // `proveLink` opens the link again and reports the error
        if (isThrottled(error)) await rest(quietMs);
      }
      for (const message of messages) {
        idle.pop()?.();
        await handle({ message, receiver });
      }
      if (works && messages.length === 0 && watching > 0 && !ended.aborted) {
        await new Promise<void>((wake) => idle.push(wake));
        works = false; // its link may have closed while it was idle
      }
    }
  }

  const finished = Promise.all(receivers.map(slot));
  return {
    interrupt: receives.interrupt,
    async stop() {
      ending.abort();
      for (const wake of idle.splice(0)) wake();
      receives.interrupt();
      await finished;
    },
  };
}

/** Opens links one at a time, so that in an outage only one slot retries. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(run: () => Promise<T>): Promise<T> => {
    const turn = last.then(run);
    last = turn;
    return turn;
  };
}

interface Proof {
  take(): Promise<Messages>;
  report: ReceiveReport;
  ended: AbortSignal;
  rest(ms: number): Promise<void>;
  quietMs: number;
}

/** Resolves when the link works (the broker has answered, even without a message), or when receiving has ended. */
async function proveLink({ take, report, ended, rest, quietMs }: Proof): Promise<Messages> {
  for (let failures = 0; !ended.aborted; failures += 1) {
    try {
      const messages = await take();
      if (!ended.aborted) report.succeeded();
      return messages;
    } catch (error) {
      // The first failure is not reported: connections break now and then, and the next try opens a new one.
      if (failures > 0 && !ended.aborted) report.failed(error);
      await rest(isThrottled(error) ? quietMs : backOffMs(failures + 1, openAgain));
    }
  }
  return [];
}
