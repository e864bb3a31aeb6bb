import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { context, propagation, type TextMapSetter } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { currentStory } from './story.ts';

/** What undici publishes, for `fetch` and for its own clients; names and values of headers alternate. */
interface FetchRequest {
  headers: readonly unknown[] | string;
  addHeader(name: string, value: string): void;
}

const headerSetter: TextMapSetter<ClientRequest> = {
  set: (request, name, value) => void request.setHeader(name, value),
};

/**
 * Adds the id as `header` to every call made for a request or message, through `fetch` or `node:http`, sampled or not.
 * One that the caller has set stays. Telemetry's own calls belong to no story, whatever context its timers run in.
 * Returns the function that ends it.
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
    // Headers given as a list have been written already.
    if (id === undefined || request.headersSent) return;
    if (!request.hasHeader(name)) request.setHeader(header, id);
    // Without a connection string nothing instruments node:http.
    if (!request.hasHeader('traceparent')) propagation.inject(context.active(), request, headerSetter);
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
