import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { hrTimeToMilliseconds } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { Clock } from '../../../platform/clock.ts';
import type { ModuleContext } from '../../module.ts';
import { noRoute } from '../application-insights/request-spans.ts';

/** An attribute of a span. With the value `true` the trace of the span is kept whole. */
const keepMark = 'sampling.keep';

/** Answers with which strangers are refused, who can ask without end: as rows they would be paid for one by one. */
const strangers = [401, 403, 429];

/**
 * Says whether the trace of a span is kept whole: the span failed, recorded an exception, is marked, or is a request that
 * was refused or a request or message that took longer than promised. A span that is open counts until now.
 */
export const createWorthKeeping = ({ latencyMs, messageLatencySeconds }: ModuleContext['slo'], clock: Clock) =>
  function isWorthKeeping(span: ReadableSpan): boolean {
    const { kind, status, attributes, events, startTime, endTime, ended } = span;
    if (status.code === SpanStatusCode.ERROR || attributes[keepMark] === true) return true;
    if (events.some(({ name }) => name === 'exception')) return true;
    if (kind !== SpanKind.SERVER && kind !== SpanKind.CONSUMER) return false;
    const until = ended ? hrTimeToMilliseconds(endTime) : clock.now().getTime();
    return kind === SpanKind.SERVER
      ? isRefused(span) || until - hrTimeToMilliseconds(startTime) > latencyMs
      : until - acceptedAt(span) > messageLatencySeconds * 1_000;
  };

function isRefused({ attributes }: ReadableSpan): boolean {
  const status = Number(attributes['http.response.status_code']);
  return status >= 400 && !strangers.includes(status) && attributes['http.route'] !== noRoute;
}

/** When the broker accepted the message, or the first of which it is a copy: `correlation` writes it to the span. */
function acceptedAt({ attributes }: ReadableSpan): number {
  const { 'message.first_enqueued_time': first, 'messaging.servicebus.message.enqueued_time': own } = attributes;
  return Number(first ?? own) * 1_000;
}
