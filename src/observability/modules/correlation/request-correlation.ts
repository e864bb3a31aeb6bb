import { context, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { createCorrelationId, readCorrelationId } from './correlation-id.ts';
import { withStory } from './story.ts';

/**
 * Takes the caller's id from `header`, or makes one, and gives it back in the answer, a refusal included. An id that is
 * not valid is replaced without being repeated anywhere. The request's own span must be active.
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
