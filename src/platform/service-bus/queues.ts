import { z } from 'zod';
import { findInfraFile } from '../../config/infra-file.ts';
import { type JsonSource, readJsonFile } from '../../config/json-file.ts';
import type { MessageSource } from '../messaging.ts';

/** The entities of `infra/queues.json`: sources to receive from, and targets to send to. */
export interface Queues {
  /** Key: a queue, or `topic/subscription`. */
  sources: ReadonlyMap<string, MessageSource>;
  /** The sources whose messages come in sessions, which this service cannot receive. */
  withSessions: ReadonlySet<string>;
  /** Queues and topics. */
  targets: ReadonlySet<string>;
}

const minutesAndSeconds = /^PT(?=\d)(?:(\d+)M)?(?:(\d+)S)?$/; // Azure locks for five minutes at most

const lockDurationMs = z
  .string()
  .regex(minutesAndSeconds, 'an ISO 8601 duration in minutes and seconds, such as PT1M or PT30S')
  .transform((text) => {
    const [, minutes = 0, seconds = 0] = minutesAndSeconds.exec(text) ?? [];
    return (Number(minutes) * 60 + Number(seconds)) * 1000;
  });

/** The defaults are Azure's own; the other properties are for Bicep and the local broker. */
const received = z.looseObject({
  lockDuration: lockDurationMs.prefault('PT1M'),
  maxDeliveryCount: z.int().min(1).max(2000).default(10),
  requiresSession: z.boolean().default(false),
});

const file = z.object({
  queues: z.record(z.string(), received).default({}),
  topics: z
    .record(z.string(), z.looseObject({ subscriptions: z.record(z.string(), received).default({}) }))
    .default({}),
});

/** Reads the file that Bicep deploys. Throws `ConfigError` with all its faults. */
export function readQueues(source: JsonSource = { name: findInfraFile('queues.json') }): Queues {
  const { queues, topics } = readJsonFile(source, file);
  const sources = new Map<string, MessageSource>();
  const withSessions = new Set<string>();
  const add = (name: string, facts: z.infer<typeof received>, where: Partial<MessageSource>) => {
    const { lockDuration: lockDurationMs, maxDeliveryCount, requiresSession } = facts;
    sources.set(name, { name, ...where, lockDurationMs, maxDeliveryCount });
    if (requiresSession) withSessions.add(name);
  };

  for (const [queue, facts] of Object.entries(queues)) add(queue, facts, { queue });
  for (const [topic, { subscriptions }] of Object.entries(topics))
    for (const [subscription, facts] of Object.entries(subscriptions))
      add(`${topic}/${subscription}`, facts, { topic, subscription });
  return { sources, withSessions, targets: new Set([...Object.keys(queues), ...Object.keys(topics)]) };
}
