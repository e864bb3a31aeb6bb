import fc from 'fast-check';
import Long from 'long';
import { expect, test } from 'vitest';
import { createDecide } from '../../../../../src/observability/modules/dead-letters/decide.ts';
import { DependencyUnavailable } from '../../../../../src/observability/modules/dead-letters/dependency-unavailable.ts';
import { createRetry } from '../../../../../src/observability/modules/dead-letters/retry.ts';
import { PermanentError, TransientError } from '../../../../../src/platform/errors.ts';
import type { Delivery, ReceivedMessage, ServiceBusMessage } from '../../../../../src/platform/messaging.ts';
import { copyMessage } from '../../../../../src/platform/service-bus/copy-message.ts';
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

const step = fc.record({
  outcome: fc.constantFrom(...outcomes),
  fault: fc.constantFrom('none' as const, ...faults),
  replay: fc.constantFrom(...replays),
});
// A message may die with its worker nine times: then the broker gives up on it, whatever has become of its copy.
const faultsAtMost = 8;
const source = { name: 'files', queue: 'files', lockDurationMs: 60_000, maxDeliveryCount: 10 };

/** The local broker's own queue under a clock that stands still, and the module's decisions carried out by hand. */
function createWorld(files: readonly string[]) {
  const clock = createManualClock(Date.UTC(2030, 0, 1));
  const queue = createQueue({
    path: 'files',
    clock,
    settings: {
      ...source,
      timeToLiveMs: Number.POSITIVE_INFINITY,
      deadLetterOnExpiration: true,
      duplicateWindowMs: 600_000,
      requiresSession: false,
      maxMessageBytes: 262_144,
    },
  });
  const sent = new Map<MessageContent, ServiceBusMessage>();
  const delivered = new Map<string, number>();
  const now = () => new Date(clock.now());
  const policy = { attempts: 3, firstMs: 5_000, factor: 3, capMs: 900_000, maxReplays: 1 };
  const retry = createRetry({
    decide: createDecide({ policy, service: { version: '1', instance: 'i' } }),
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
  const received = ({ content, changedProperties, deliveryCount, enqueuedAt }: QueuedMessage): ReceivedMessage => ({
    ...sent.get(content),
    body: undefined,
    applicationProperties: { ...sent.get(content)?.applicationProperties, ...(changedProperties as object) },
    deliveryCount,
    enqueuedTimeUtc: new Date(enqueuedAt),
    state: 'active',
    sequenceNumber: Long.ZERO,
    lockToken: 'token',
    _rawAmqpMessage: { body: undefined },
  });
  const fileOf = (message: ReceivedMessage) => String(message.applicationProperties?.['file-id']);

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
    const delivery: Delivery = { message, source, signal, consumer: { pause() {}, probe() {}, resume() {} } };
    const settlement = await retry(delivery, async () => {
      const error = errorOf(outcome);
      if (error) throw error;
      delivered.set(fileOf(message), (delivered.get(fileOf(message)) ?? 0) + 1);
      return { kind: 'complete' };
    });
    if (fault === 'killed-before') return true;
    if (settlement.kind === 'later') send(copyMessage(message, settlement));
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

  for (const id of files) send({ body: '', messageId: id, applicationProperties: { 'file-id': id } });
  return {
    deliver,
    replay,
    placesOf: (file: string) => ({
      delivered: delivered.get(file) ?? 0,
      deadLettered: (queue.deadLetters?.peek(0, 1_000) ?? []).filter((dead) => fileOf(received(dead)) === file).length,
    }),
  };
}

test('after any sequence of failures, retries, lost locks, kills and replays a file was delivered or is one dead letter', async () => {
  const script = fc.array(step, { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      script,
      fc.constantFrom(...outcomes),
      async (count, steps, rest) => {
        const files = Array.from({ length: count }, (_, n) => `f${n}`);
        const world = createWorld(files);
        let faultsLeft = faultsAtMost;
        for (const { outcome, fault, replay } of steps) {
          const happens = fault !== 'none' && faultsLeft-- > 0;
          await world.deliver(outcome, happens ? fault : 'none');
          if (replay !== 'none') world.replay(replay === 'replay-killed');
        }
        // A dependency that never answers again would keep its messages waiting, as it should.
        const last = rest === 'unavailable' ? 'transient' : rest;
        for (let rounds = 0; await world.deliver(last, 'none'); rounds += 1) expect(rounds).toBeLessThan(100);

        for (const file of files) {
          const { delivered, deadLettered } = world.placesOf(file);
          expect(delivered + deadLettered, `${file} is lost`).toBeGreaterThanOrEqual(1);
          expect(deadLettered, `${file} is dead-lettered twice`).toBeLessThanOrEqual(1);
        }
      },
    ),
    { numRuns: 500 },
  );
});
