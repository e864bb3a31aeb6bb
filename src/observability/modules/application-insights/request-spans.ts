import { context, propagation, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Request, RequestHandler, Response } from 'express';
import { redactUrl } from './url-redaction.ts';

const longestUrl = 2_048;
const longestUserAgent = 256;
/** A name or an address, with a port. Any other text in the header `Host` is left out. */
const plainHost = /^[\w.:[\]-]{1,255}$/;
/** The status that nginx uses when the caller closed the connection before the answer began. */
const clientLeft = 499;
/** One name for all requests without a route: with their paths, scanners would create new names all the time. */
export const noRoute = '(no route)';

/**
 * Measures each request as one SERVER span, child of the caller's W3C context, named `METHOD /route/:template`. Sets the
 * attributes at the end and only while the span records, which keeps a request cheap. Records no headers but host and
 * user agent, no client address, and no values of the query.
 */
export function createRequestSpans(): RequestHandler {
  let tracer: ReturnType<typeof trace.getTracer> | undefined;

  return function measureRequest(request, response, next) {
    // Not earlier: a tracer taken before the SDK starts never begins to work.
    tracer ??= trace.getTracer('requests');
    // On a connection that is kept alive the active context can be that of an earlier request: begin at the root.
    const caller = propagation.extract(ROOT_CONTEXT, request.headers);
    const span = tracer.startSpan(`${request.method} ${routeOf(response)}`, { kind: SpanKind.SERVER }, caller);
    if (span.isRecording()) response.on('close', () => endSpan(span, request, response));
    context.with(trace.setSpan(caller, span), next);
  };
}

function endSpan(span: Span, request: Request, response: Response): void {
  const status = response.headersSent ? response.statusCode : clientLeft;
  const userAgent = request.headers['user-agent'];
  span.setAttribute('http.request.method', request.method);
  // Without a route the exporter names the request by its path, and every path would become a name.
  span.setAttribute('http.route', routeOf(response));
  // The only attribute from which the exporter reads the port.
  span.setAttribute('url.full', readUrl(request));
  span.setAttribute('http.response.status_code', status);
  if (userAgent !== undefined) span.setAttribute('user_agent.original', userAgent.slice(0, longestUserAgent));
  // An answer that breaks off half way has the status with which it began.
  if (status >= 500 || response.errored) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** The platform sets the template before any handler answers. */
const routeOf = (response: Response): string => response.locals.routeTemplate ?? noRoute;

function readUrl({ originalUrl, protocol, host = '' }: Request): string {
  // The absolute form that proxies send (`GET http://…`) may contain credentials: leave it out.
  const target = originalUrl.startsWith('/') ? originalUrl.slice(0, longestUrl) : '/';
  return redactUrl(`${protocol}://${plainHost.test(host) ? host : ''}${target}`);
}
