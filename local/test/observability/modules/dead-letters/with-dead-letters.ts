import { ServiceBusClient } from '@azure/service-bus';
import Long from 'long';
import type { TestContext } from 'vitest';
import { deploymentSections } from '../../../../../src/config/sections.ts';
import type { ModuleContext, SectionOf } from '../../../../../src/observability/module.ts';
import { copyMessage } from '../../../../../src/observability/modules/dead-letters/copy-message.ts';
import { addToHistory } from '../../../../../src/observability/modules/dead-letters/history.ts';
import { createDeadLetters } from '../../../../../src/observability/modules/dead-letters/index.ts';
import { manifest } from '../../../../../src/observability/modules/dead-letters/manifest.ts';
import { property } from '../../../../../src/observability/modules/dead-letters/properties.ts';
import { countIn } from '../../../../../src/platform/message-properties.ts';
import type { ReceivedMessage } from '../../../../../src/platform/messaging.ts';
import { recordingLog } from '../../../../../test/platform/service-bus/recording-log.ts';
import { type Given, startWithBroker } from '../../../platform/service-bus/with-broker.ts';

type Options = NonNullable<Parameters<typeof createDeadLetters>[1]>;

/** The queue of the sample, with the duplicate detection that retries have to get past. */
export const entities = { queues: { parcels: { requiresDuplicateDetection: true } } };

export const quickPolicy = {
  attempts: 3,
  firstMs: 20,
  factor: 2,
  capMs: 100,
  maxReplays: 1,
  giveUpAfterMs: 72 * 3_600_000,
};
const quick: Options = {
  policy: quickPolicy,
  immediateDelaysMs: [],
  heldMs: () => 0,
  probe: { firstMs: 50, factor: 2, capMs: 200 },
};

export const moduleContext = (log: ModuleContext['log'], settings = {}): ModuleContext<SectionOf<typeof manifest>> => ({
  section: manifest.section.schema.parse({}),
  level: 2,
  active: ['dead-letters'],
  service: { name: 'tested', version: '1.2.3', instance: 'replica-1', roles: ['worker'] },
  settings: { handlerTimeoutMs: 30_000, sendTimeoutMs: 5_000, ...settings } as unknown as ModuleContext['settings'],
  slo: deploymentSections.slo.parse({}),
  cost: deploymentSections.cost.parse({}),
  variables: {},
  log,
  clock: { now: () => new Date() },
  credential: undefined,
});

/** The module between a real broker and a handler, everything quick. It ends with the test. */
export async function startWithDeadLetters(
  ends: Pick<TestContext, 'onTestFinished'>,
  { options = {}, ...given }: Given & { options?: Options } = {},
) {
  const { log, lines, messages } = recordingLog();
  const module = createDeadLetters(moduleContext(log, given.settings), { ...quick, ...options });
  const { receive = [], call = [] } = module;
  const started = await startWithBroker(ends, { entities, ...given, receive, call });
  const { bus, service } = started;
  const client = new ServiceBusClient(bus.connectionString);
  ends.onTestFinished(async () => {
    await module.stop?.(AbortSignal.timeout(1_000));
    await client.close();
  });

  /** The real SDK's view of a dead-letter queue. */
  const deadLetters = (queue = 'parcels') =>
    client.createReceiver(queue, { subQueueType: 'deadLetter' }).peekMessages(100, { fromSequenceNumber: Long.ZERO });

  return {
    ...started,
    module,
    client,
    lines,
    messages,
    platformMessages: started.messages,
    deadLetters,
    async start() {
      service.start();
      await module.start?.({
        messaging: service.messaging,
        health: () => ({ state: 'ready', checks: [] }),
        authenticated: async () => true,
      });
    },
    /** As `npm run dead-letters -- replay` does it: send, then complete. */
    async replay(queue = 'parcels') {
      const receiver = client.createReceiver(queue, { subQueueType: 'deadLetter' });
      const [dead] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 2_000 });
      if (!dead) throw new Error('There is no dead letter.');
      await client.createSender(queue).sendMessages(replayOf(dead));
      await receiver.completeMessage(dead);
      await receiver.close();
    },
  };
}

/** What the command sends back, as far as the service can tell. */
export const replayOf = (dead: ReceivedMessage) => {
  const { applicationProperties: properties, deadLetterReason: reason = 'Unknown' } = dead;
  const attempt = countIn(properties, property.attempts);
  const entry = { time: new Date().toISOString(), attempt, outcome: 'replayed', reason, host: 'operator' } as const;
  const replayed = {
    [property.firstEnqueuedAt]: new Date().toISOString(),
    [property.replayCount]: countIn(properties, property.replayCount) + 1,
    [property.history]: addToHistory(properties, entry),
  };
  const source = { name: 'parcels', queue: 'parcels', lockDurationMs: 60_000, maxDeliveryCount: 10 };
  const copied = copyMessage({ message: dead, source }, { at: new Date(), attempt: 1, properties: replayed });
  const { scheduledEnqueueTimeUtc: _, applicationProperties: kept = {}, ...copy } = copied;
  const { [property.parked]: __, [property.expiresAt]: ___, ...applicationProperties } = kept;
  return { ...copy, applicationProperties };
};
