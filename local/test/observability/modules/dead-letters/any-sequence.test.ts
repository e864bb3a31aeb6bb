import fc from 'fast-check';
import Long from 'long';
import { expect, test } from 'vitest';
import { createDecide } from '../../../../../src/observability/modules/dead-letters/decide.ts';
import { DependencyUnavailable } from '../../../../../src/observability/modules/dead-letters/failure-table.ts';
import { createRetry } from '../../../../../src/observability/modules/dead-letters/retry.ts';
import { PermanentError, TransientError } from '../../../../../src/platform/errors.ts';
import type { Delivery, ReceivedMessage, ServiceBusMessage } from '../../../../../src/platform/messaging.ts';
import { recordingLog } from '../../../../../test/platform/service-bus/recording-log.ts';
import type { MessageContent, QueuedMessage } from '../../../../service-bus/entity/message.ts';
import { createQueue } from '../../../../service-bus/entity/queue.ts';
import { createManualClock } from '../../../../service-bus/testing/manual-clock.ts';
import { replayOf } from './with-dead-letters.ts';

const outcomes = ['delivered', 'transient', 'asked-to-wait', 'permanent', 'unavailable'] as const;
const faults = ['none', 'killed-before', 'killed-between', 'lock-lost'] as const;
const replays = ['none', 'none', 'replay', 'replay-killed'] as const;
type Outcome = (typeof outcomes)[number];
type Fault = (typeof faults)[number];

/** Ids that both senders use, and that copies had while they were named after their message. */
const ids = ['order-17', 'order-17:2', 'order-17:3', 'order-17:2:2'];

const handle = fc.record({
  kind: fc.constant('handle' as const),
  outcome: fc.constantFrom(...outcomes),
  fault: fc.constantFrom('none' as const, ...faults),
  replay: fc.constantFrom(...replays),
});
const send = fc.record({
  kind: fc.constant('send' as const),
  sender: fc.constantFrom('ann', 'bob'),
  id: fc.constantFrom(...ids),
  /** What its caller was never told arrived: the same content under the same id again. */
  repeats: fc.boolean(),
});
/** Long enough for the broker to forget an id. */
const wait = fc.constant({ kind: 'wait' as const });
const step = fc.oneof({ weight: 6, arbitrary: handle }, { weight: 3, arbitrary: send }, { weight: 1, arbitrary: wait });
// A message may die with its worker nine times: then the broker gives up on it, whatever has become of its copy.
const faultsAtMost = 8;
const source = { name: 'parcels', queue: 'parcels', lockDurationMs: 60_000, maxDeliveryCount: 10 };
const windowMs = 600_000;

/** The local broker's own queue under a clock that stands still, and the module's decisions carried out by hand. */
function createWorld() {
  const clock = createManualClock(Date.UTC(2030, 0, 1));
  const queue = createQueue({
    path: 'parcels',
    clock,
    settings: {
      ...source,
      timeToLiveMs: Number.POSITIVE_INFINITY,
      deadLetterOnExpiration: true,
      duplicateWindowMs: windowMs,
      requiresSession: false,
      maxMessageBytes: 262_144,
    },
  });
  const sent = new Map<MessageContent, ServiceBusMessage>();
  /** When each sender's id was last accepted, and how many messages hold each content: Azure's promise, not the queue's word. */
  const seen = new Map<string, number>();
  const accepted = new Map<string, number>();
  const handled = new Set<string>();
  const now = () => new Date(clock.now());
  const policy = {
    attempts: 3,
    firstMs: 5_000,
    factor: 3,
    capMs: 900_000,
    maxReplays: 1,
    giveUpAfterMs: 72 * 3_600_000,
  };
  const retry = createRetry({
    decide: createDecide(policy, { version: '1', instance: 'i' }),
    canCopy: () => true,
    clock: { now },
    log: recordingLog().log,
    immediateDelaysMs: [],
  });

  const bytes = Buffer.alloc(0);
  const sections = { header: bytes, annotations: bytes, properties: bytes, applicationProperties: bytes, body: bytes };
  function send(message: ServiceBusMessage): void {
    const content: MessageContent = {
      messageId: String(message.messageId),
      sessionId: undefined,
      timeToLiveMs: undefined,
      scheduledFor: message.scheduledEnqueueTimeUtc?.getTime(),
      size: 100,
      sections,
    };
    sent.set(content, message);
    queue.accept([content]);
  }
  const received = ({
    content,
    sequenceNumber,
    changedProperties,
    deliveryCount,
    enqueuedAt,
  }: QueuedMessage): ReceivedMessage => ({
    ...sent.get(content),
    body: sent.get(content)?.body,
    applicationProperties: { ...sent.get(content)?.applicationProperties, ...(changedProperties as object) },
    deliveryCount,
    enqueuedTimeUtc: new Date(enqueuedAt),
    state: 'active',
    sequenceNumber: Long.fromNumber(sequenceNumber),
    lockToken: 'token',
    _rawAmqpMessage: { body: undefined },
  });

  function errorOf(outcome: Outcome): Error | undefined {
    if (outcome === 'transient') return new TransientError('503');
    if (outcome === 'asked-to-wait') return new TransientError('429', { retryAfterMs: 30_000 });
    if (outcome === 'permanent') return new PermanentError('No', '422');
    if (outcome === 'unavailable') return new DependencyUnavailable('d', new Date(clock.now() + 3_000));
    return undefined;
  }

  /** One delivery, if there is a message, or one as soon as there is. Answers whether there was any. */
  async function deliver(outcome: Outcome, fault: Fault): Promise<boolean> {
    let taken = queue.take('peek-lock');
    while (!taken) {
      const waiting = queue.peek(0, 1_000);
      if (waiting.length === 0) return false;
      clock.advance(Math.min(...waiting.map(({ dueAt, lock }) => (dueAt ?? lock?.until ?? 0) - clock.now())));
      taken = queue.take('peek-lock');
    }
    const token = taken.lock?.token ?? '';
    const message = received(taken);
    const signal = new AbortController().signal;
    const delivery: Delivery = {
      message,
      source,
      handles: source.name,
      signal,
      consumer: { pause() {}, probe() {}, resume() {} },
    };
    const settlement = await retry(delivery, async () => {
      const error = errorOf(outcome);
      if (error) throw error;
      handled.add(String(message.body));
      return { kind: 'complete' };
    });
    if (fault === 'killed-before') return true;
    if (settlement.kind === 'later') send(settlement.copy);
    if (fault === 'killed-between') return true;
    if (fault === 'lock-lost') queue.loseLock(token);
    else if (settlement.kind === 'dead-letter') {
      queue.settle(token, { kind: 'dead-letter', properties: settlement.properties ?? {} });
    } else queue.settle(token, { kind: 'complete' });
    return true;
  }

  /** Send, then complete; a run that is killed between the two is followed by a second one. */
  function replay(killed: boolean): void {
    const dead = queue.deadLetters?.take('peek-lock');
    if (!dead) return;
    send(replayOf(received(dead)));
    if (killed) {
      clock.advance(source.lockDurationMs);
      replay(false);
    } else queue.deadLetters?.settle(dead.lock?.token ?? '', { kind: 'complete' });
  }

  /** A sender's own message. Within the window the broker drops an id that was sent before, whatever the content. */
  function sendFirst(content: string, messageId: string): void {
    const before = seen.get(messageId) ?? Number.NEGATIVE_INFINITY;
    if (clock.now() - before >= windowMs) {
      seen.set(messageId, clock.now());
      accepted.set(content, (accepted.get(content) ?? 0) + 1);
    }
    send({ body: Buffer.from(content), messageId });
  }

  const contentsOf = (messages: readonly QueuedMessage[] = []) => messages.map((each) => String(received(each).body));
  return {
    deliver,
    replay,
    sendFirst,
    wait: () => clock.advance(windowMs + source.lockDurationMs),
    accepted,
    handled,
    deadLettered: () => contentsOf(queue.deadLetters?.peek(0, 1_000)),
    waiting: () => contentsOf(queue.peek(0, 1_000)),
  };
}

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function play(steps: readonly Step[], rest: Outcome) {
  const world = createWorld();
  let faultsLeft = faultsAtMost;
  let last: { content: string; id: string } = { content: 'ann 0', id: 'order-17' };
  world.sendFirst(last.content, last.id);
  for (const [number, each] of steps.entries()) {
    if (each.kind === 'wait') world.wait();
    else if (each.kind === 'send') {
      if (!each.repeats) last = { content: `${each.sender} ${number + 1}`, id: each.id };
      world.sendFirst(last.content, last.id);
    } else {
      const happens = each.fault !== 'none' && faultsLeft-- > 0;
      await world.deliver(each.outcome, happens ? each.fault : 'none');
      if (each.replay !== 'none') world.replay(each.replay === 'replay-killed');
    }
  }
  // While its dependency does not answer a message waits.
  for (let rounds = 0; rest !== 'unavailable' && (await world.deliver(rest, 'none')); rounds += 1) {
    expect(rounds).toBeLessThan(300);
  }
  return world;
}

test('any mix of two senders, repeats, failures, kills and replays ends with every content handled, dead-lettered or waiting', async () => {
  const script = fc.array(step, { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(script, fc.constantFrom(...outcomes), async (steps, rest) => {
      const world = await play(steps, rest);
      const dead = world.deadLettered();
      const there = new Set([...world.handled, ...dead, ...world.waiting()]);
      for (const [content, messages] of world.accepted) {
        expect(there, `"${content}" is lost`).toContain(content);
        // After the window a repeated step makes a second copy, as the guide says.
        if (steps.some(({ kind }) => kind === 'wait')) continue;
        const letters = dead.filter((each) => each === content).length;
        expect(letters, `"${content}" is dead-lettered twice`).toBeLessThanOrEqual(messages);
      }
    }),
    { numRuns: 150 },
  );
});
