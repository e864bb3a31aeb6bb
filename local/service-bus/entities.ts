import { z } from 'zod';
import type { QueueSettings } from './entity/queue-settings.ts';
import { parseIsoDuration } from './iso-duration.ts';

/** What Azure writes for "for ever": the longest .NET TimeSpan. */
const FOR_EVER = 'P10675199DT2H48M5.4775807S';
const FOR_EVER_MS = parseIsoDuration(FOR_EVER) ?? Number.POSITIVE_INFINITY;

/** An ISO 8601 duration above zero and, if given, not above `longest`. */
const duration = (longest = FOR_EVER) =>
  z.string().refine(
    (text) => {
      const ms = parseIsoDuration(text) ?? 0;
      return ms > 0 && ms <= (parseIsoDuration(longest) ?? 0);
    },
    { error: `must be an ISO 8601 duration such as PT1M, above zero and at most ${longest}` },
  );

/** A property of Azure with an effect that this test double does not have: left out or refused, never ignored. */
const notDone = (why: string) => z.undefined({ error: `is not done by this test double: ${why}` }).optional();

/** Accepted because real files carry them; they change nothing that a client of one process could see. */
const withoutEffect = {
  autoDeleteOnIdle: duration().default(FOR_EVER),
  availabilityStatus: z.literal('Available').optional(),
  enableBatchedOperations: z.boolean().default(true),
  userMetadata: z.string().max(1024).optional(),
};

const forEveryEntity = {
  ...withoutEffect,
  status: z
    .literal('Active', { error: 'must be Active: entities that are switched off are not done here' })
    .default('Active'),
  defaultMessageTimeToLive: duration().default(FOR_EVER),
  authorizationRules: notDone('it does not check tokens'),
};

const forSenders = {
  enableExpress: z.boolean().default(false),
  enablePartitioning: z.boolean().default(false),
  maxSizeInMegabytes: z.int().positive().default(1024),
  maxMessageSizeInKilobytes: z.int().positive().default(256),
  requiresDuplicateDetection: z.boolean().default(false),
  duplicateDetectionHistoryTimeWindow: duration('P7D').default('PT10M'),
};

const forReceivers = {
  lockDuration: duration('PT5M').default('PT1M'),
  maxDeliveryCount: z.int().min(1).max(2000).default(10),
  deadLetteringOnMessageExpiration: z.boolean().default(false),
  requiresSession: z.boolean().default(false),
  forwardTo: notDone('it does not forward'),
  forwardDeadLetteredMessagesTo: notDone('it does not forward'),
};

export const queueProperties = z.strictObject({ ...forEveryEntity, ...forSenders, ...forReceivers });
export const subscriptionProperties = z.strictObject({
  ...forEveryEntity,
  ...forReceivers,
  deadLetteringOnFilterEvaluationExceptions: z.boolean().default(true),
  defaultRuleOptions: notDone('every subscription has the default true filter'),
  rules: notDone('every subscription has the default true filter'),
});
export const topicProperties = z.strictObject({
  ...forEveryEntity,
  ...forSenders,
  supportOrdering: z.boolean().default(false),
});

export type QueueProperties = z.output<typeof queueProperties>;
export type SubscriptionProperties = z.output<typeof subscriptionProperties>;
export type TopicProperties = z.output<typeof topicProperties>;

/** Azure's rule for names of queues and topics; those of subscriptions are shorter and without slashes. */
export const entityName = z.string().regex(/^[A-Za-z0-9](?:[\w.\-/]{0,258}[A-Za-z0-9])?$/, {
  error: 'is no entity name: letters, digits and . - _ / inside, a letter or digit at both ends, at most 260',
});
export const subscriptionName = z.string().regex(/^[A-Za-z0-9](?:[\w.-]{0,48}[A-Za-z0-9])?$/, {
  error: 'is no subscription name: letters, digits and . - _ inside, a letter or digit at both ends, at most 50',
});

/** Service Bus does not care about upper and lower case. */
const distinctNames = (entities: object): boolean =>
  new Set(Object.keys(entities).map((name) => name.toLowerCase())).size === Object.keys(entities).length;
const distinct = { error: 'has names that differ by upper and lower case only' };

const topicWithSubscriptions = topicProperties.extend({
  subscriptions: z.record(subscriptionName, subscriptionProperties).refine(distinctNames, distinct).default({}),
});
const definitions = z.strictObject({
  queues: z.record(entityName, queueProperties).refine(distinctNames, distinct).default({}),
  topics: z.record(entityName, topicWithSubscriptions).refine(distinctNames, distinct).default({}),
});

/** The entities of a namespace, every property filled in with Azure's own default. */
export type EntityDefinitions = z.output<typeof definitions>;

/**
 * Reads entities in the shape of `infra/queues.json`: maps of names to Bicep's own property names. Throws one error
 * that lists every fault with its path.
 */
export function readEntities(input: unknown): EntityDefinitions {
  return read(definitions, input, 'entities');
}

/** Checks one value; `what` begins each fault's path. Throws an `Error` with one line a fault. */
export function read<Schema extends z.ZodType>(schema: Schema, input: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${[what, ...issue.path.map(String)].join('.')}: ${issue.message}`);
  throw new Error(`These Service Bus entities cannot be used.\n${faults.join('\n')}`);
}

/** Turns Azure's properties into what the engine needs; a topic has no locks and a subscription no duplicates. */
export function engineSettings(properties: Partial<QueueProperties>): QueueSettings {
  const timeToLiveMs = parseIsoDuration(properties.defaultMessageTimeToLive ?? FOR_EVER) ?? FOR_EVER_MS;
  const windowMs = parseIsoDuration(properties.duplicateDetectionHistoryTimeWindow ?? 'PT10M') ?? 0;
  return {
    lockDurationMs: parseIsoDuration(properties.lockDuration ?? 'PT1M') ?? 0,
    maxDeliveryCount: properties.maxDeliveryCount ?? Number.POSITIVE_INFINITY,
    timeToLiveMs: timeToLiveMs >= FOR_EVER_MS ? Number.POSITIVE_INFINITY : timeToLiveMs,
    deadLetterOnExpiration: properties.deadLetteringOnMessageExpiration ?? false,
    duplicateWindowMs: properties.requiresDuplicateDetection ? windowMs : 0,
    requiresSession: properties.requiresSession ?? false,
    maxMessageBytes: (properties.maxMessageSizeInKilobytes ?? 256) * 1024,
  };
}
