import { context, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { createCorrelationId, readCorrelationId, withStory } from './story.ts';

/**
 * Takes the correlation id from the caller's `header`, or makes one, and returns it in every answer, also in a refusal.
 * An invalid id is replaced and not repeated anywhere. The request's own span must be active.
 */
export function createRequestCorrelation(header: string): RequestHandler {
  const name = header.toLowerCase();

  return function correlateRequest(request, response, next) {
    const correlationId = readCorrelationId(request.headers[name]) ?? createCorrelationId();
    response.setHeader(header, correlationId);
    trace.getActiveSpan()?.setAttribute('correlationId', correlationId);
    context.with(withStory(context.active(), { correlationId }), next);
  };
}
