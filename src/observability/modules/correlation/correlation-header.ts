import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { context, propagation, type TextMapSetter, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import type { RequestHandler } from 'express';
import { createCorrelationId, currentStory, readCorrelationId, withStory } from './story.ts';

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

/** What undici publishes, for `fetch` and for its own clients; names and values of headers alternate. */
interface FetchRequest {
  headers: readonly unknown[] | string;
  addHeader(name: string, value: string): void;
}

const setter: TextMapSetter<ClientRequest> = { set: (request, name, value) => void request.setHeader(name, value) };

/**
 * Adds the correlation id as `header` to every call that is made for a request or message through `fetch` or
 * `node:http`, sampled or not. A header that is already set stays. The calls of the exporter get no header, even when
 * its timers run in the context of a request. Returns the function that ends it.
 */
export function sendCorrelationHeader(header: string): () => void {
  const name = header.toLowerCase();
  const idToSend = () => (isTracingSuppressed(context.active()) ? undefined : currentStory()?.correlationId);

  const onFetch = (event: unknown) => {
    const { request } = event as { request: FetchRequest };
    const id = idToSend();
    if (id !== undefined && !hasHeader(request, name)) request.addHeader(header, id);
  };
  const onRequest = (event: unknown) => {
    const { request } = event as { request: ClientRequest };
    const id = idToSend();
    // Node has already written headers that were given as a list.
    if (id === undefined || request.headersSent) return;
    if (!request.hasHeader(name)) request.setHeader(header, id);
    // Without a connection string no instrumentation adds `traceparent` to calls of node:http.
    if (!request.hasHeader('traceparent')) propagation.inject(context.active(), request, setter);
  };

  subscribe('undici:request:create', onFetch);
  subscribe('http.client.request.created', onRequest);
  return () => {
    unsubscribe('undici:request:create', onFetch);
    unsubscribe('http.client.request.created', onRequest);
  };
}

function hasHeader({ headers }: FetchRequest, name: string): boolean {
  if (typeof headers === 'string') return `\r\n${headers.toLowerCase()}`.includes(`\r\n${name}:`);
  return headers.some((text, index) => index % 2 === 0 && String(text).toLowerCase() === name);
}
