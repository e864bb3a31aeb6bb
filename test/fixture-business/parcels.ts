import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import express from 'express';
import { z } from 'zod';
import { defineEvents } from '../../src/observability/events.ts';
import type { Business, HandlerTools } from '../../src/platform/business.ts';
import { PermanentError, TransientError } from '../../src/platform/errors.ts';
import { jsonBody } from '../../src/platform/json-body.ts';
import { originalIdOf, property, timeIn } from '../../src/platform/message-properties.ts';
import type { ReceivedMessage } from '../../src/platform/messaging.ts';
import { fromMessage, parcelIdOf, parcelSchema, toMessage } from './parcel.ts';

const queue = 'parcels';
const topic = 'parcel-events';
const askedToWait = new Set([408, 425, 429]);

const events = defineEvents('parcels', {
  accepted: { when: 'a parcel is valid', fields: { parcelId: 'string', bytes: 'bytes' } },
  queued: { when: 'its message was sent', fields: { parcelId: 'string', durationMs: 'milliseconds' } },
  attempted: { when: 'its handler begins', fields: { parcelId: 'string', attempt: 'number' } },
  delivered: {
    when: 'the depot has it',
    fields: { parcelId: 'string', depot: 'string', attempt: 'number', bytes: 'bytes', ageMs: 'milliseconds' },
  },
  deadLettered: { when: 'it is given up', fields: { parcelId: 'string', reason: 'string', ageMs: 'milliseconds' } },
});

/**
 * The business of the tests, so that they need none of the real ones: routes for JSON and for bytes with a queue behind them, a route that
 * tells a topic with two subscriptions, and an outgoing call in every handler.
 */
export function createParcels(): Business {
  return {
    name: 'parcels',
    settings: {
      PARCELS_DEPOT_URL: {
        meaning: 'Base address of the depots.',
        allowed: 'an http or https address',
        schema: z.url({ protocol: /^https?$/ }),
      },
    },
    sends: [queue, topic],
    routes(router, { send, log }) {
      router.post('/parcels', jsonBody(parcelSchema), async (request, response) => {
        const parcel = request.body;
        const bytes = Buffer.byteLength(parcel.content);
        const parcelId = parcelIdOf(request.get('idempotency-key'), parcel.content);
        events.accepted({ parcelId, bytes });
        const startedAt = performance.now();
        await send(queue, toMessage(parcelId, parcel));
        events.queued({ parcelId, durationMs: performance.now() - startedAt });
        log.info('parcel queued', { parcelId, bytes });
        response.status(202).json({ parcelId });
      });
      router.post('/parcel-labels', express.raw({ type: () => true, limit: '192kb' }), async (request, response) => {
        await send(queue, { messageId: randomUUID(), body: request.body });
        response.sendStatus(202);
      });
      router.post('/parcel-events', jsonBody(parcelSchema), async (request, response) => {
        const parcel = request.body;
        const parcelId = parcelIdOf(request.get('idempotency-key'), parcel.content);
        await send(topic, toMessage(parcelId, parcel));
        response.status(202).json({ parcelId });
      });
    },
    handlers: {
      [queue]: async (message, tools) => {
        const { parcelId, depot, content } = fromMessage(message);
        events.attempted({ parcelId, attempt: tools.attempt });
        if (depot === 'nowhere') throw new PermanentError('NoDepot', 'No depot takes this parcel.');
        await deliver(addressOf(depot, tools), { parcelId, content }, tools);
        const bytes = Buffer.byteLength(content);
        events.delivered({ parcelId, depot, attempt: tools.attempt, bytes, ageMs: ageMs(message) });
        tools.log.info('parcel delivered', { parcelId, depot });
      },
      [`${topic}/billing`]: (message, tools) => deliver(addressOf('billing', tools), fromMessage(message), tools),
      [`${topic}/tracking`]: (message, tools) => deliver(addressOf('tracking', tools), fromMessage(message), tools),
    },
    settled(message, settlement) {
      if (settlement.kind !== 'dead-letter') return;
      const parcelId = String(message.applicationProperties?.['parcel-id'] ?? originalIdOf(message));
      events.deadLettered({ parcelId, reason: settlement.reason, ageMs: ageMs(message) });
    },
  };
}

const addressOf = (to: string, { settings }: HandlerTools) => `${settings.PARCELS_DEPOT_URL}/${to}`;

/** The dependency is called as the last part of its address. */
export async function deliver(
  address: string,
  { parcelId, content }: { parcelId: string; content: string },
  { call, signal }: HandlerTools,
): Promise<void> {
  const headers = { 'content-type': 'text/plain', 'idempotency-key': parcelId };
  await call(basename(address), async () => {
    const sent = fetch(address, { method: 'POST', body: content, headers, signal });
    const response = await sent.catch((cause: unknown) => {
      throw new TransientError('The depot cannot be reached.', { cause });
    });
    await response.body?.pipeTo(new WritableStream()); // read to its end, or the span of the call never ends
    const { ok, status } = response;
    if (ok) return;
    if (status < 500 && !askedToWait.has(status)) throw new PermanentError('DepotRefused', `It answered ${status}.`);
    const seconds = response.headers.get('retry-after');
    const retryAfterMs = seconds === null ? undefined : Number(seconds) * 1000;
    throw new TransientError(`The depot answered ${status}.`, { retryAfterMs });
  });
}

function ageMs({ applicationProperties, enqueuedTimeUtc }: ReceivedMessage): number {
  const since = timeIn(applicationProperties, property.firstEnqueuedAt) ?? enqueuedTimeUtc;
  return since ? Math.max(0, Date.now() - since.getTime()) : 0;
}
