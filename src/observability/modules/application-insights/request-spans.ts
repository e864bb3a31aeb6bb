import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Request, RequestHandler, Response } from 'express';
import { redactUrl } from './url-redaction.ts';

const longestUrl = 2_048;
const longestUserAgent = 256;
/** A name or an address with a port. What else callers write into the header `Host` is not repeated. */
const plainHost = /^[\w.:[\]-]{1,255}$/;
/** nginx's number for a caller who left before there was an answer; nothing was sent. */
const clientLeft = 499;
/** The name of requests that met no route, whatever they asked for: scanners would make a name a minute. */
const noRoute = '(no route)';

const spanKey = Symbol('request span');
type Measured = Response & { [spanKey]?: Span };

const server = { kind: SpanKind.SERVER };

/**
 * One SERVER span a request, child of the caller's W3C context, named `METHOD /route/:template`. All attributes are set
 * at the end, and only while the span records: that is what keeps a request cheap. No headers but host and user agent,
 * no client address, no query values.
 */
export function createRequestSpans(): RequestHandler {
  let tracer: Tracer | undefined;

  return function measureRequest(request, response, next) {
    // A tracer taken before the SDK has started would stay silent for good.
    tracer ??= trace.getTracer('requests');
    // Not the active context: on a kept-alive connection that can be the one of an earlier request.
    const caller = propagation.extract(ROOT_CONTEXT, request.headers);
    const span = tracer.startSpan(`${request.method} ${routeOf(response)}`, server, caller);
    if (span.isRecording()) {
      (response as Measured)[spanKey] = span;
      response.on('close', endSpan);
    }
    context.with(trace.setSpan(caller, span), next);
  };
}

function endSpan(this: Measured): void {
  const span = this[spanKey];
  if (!span) return;
  const { req: request } = this;
  const status = this.headersSent ? this.statusCode : clientLeft;
  const userAgent = request.headers['user-agent'];

  span.setAttribute('http.request.method', request.method);
  // Always set: without it the exporter names the request by its path, and every path becomes a name.
  span.setAttribute('http.route', routeOf(this));
  // The exporter reads the port from no other attribute.
  span.setAttribute('url.full', readUrl(request));
  span.setAttribute('http.response.status_code', status);
  if (userAgent !== undefined) span.setAttribute('user_agent.original', userAgent.slice(0, longestUserAgent));
  // An answer that broke off half way carries the status of its beginning.
  if (status >= 500 || this.errored) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** Noted by the platform before anything answers. */
const routeOf = (response: Response): string => response.locals.routeTemplate ?? noRoute;

function readUrl({ originalUrl, protocol, host = '' }: Request): string {
  // A proxy's absolute form (`GET http://…`) may hold credentials and is not ours to repeat.
  const target = originalUrl.startsWith('/') ? originalUrl.slice(0, longestUrl) : '/';
  return redactUrl(`${protocol}://${plainHost.test(host) ? host : ''}${target}`);
}
