import { TraceFlags } from '@opentelemetry/api';
import { globalErrorHandler } from '@opentelemetry/core';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Clock } from '../../../platform/clock.ts';

/** In percent. The sampler of the distro sets it on every span when it keeps less than all; the exporter reads it. */
const sampleRate = 'microsoft.sample_rate';
const sweepMs = 1_000;
const atOnce = 500;

/** How many traces may be open, how many ended spans may be held, and for how many milliseconds a trace may be open. */
export interface Limits {
  traces: number;
  spans: number;
  ageMs: number;
}

interface Options {
  isWorthKeeping(span: ReadableSpan): boolean;
  /** Called for each trace that is decided before it is complete, with the limit that it exceeds. */
  decidedEarly(limit: keyof Limits): void;
  clock: Clock;
  limits?: Limits;
}

/** The spans of one trace that are open in this process at the same time, and those that ended meanwhile. */
interface LocalTrace {
  since: number;
  keep: boolean;
  open: Set<ReadableSpan>;
  ended: ReadableSpan[];
}

/**
 * Stands before `exporting`, holds ended spans until no span of their trace is open, and decides then: with one span
 * worth keeping all are exported, each for itself alone (ItemCount 1); otherwise those that the sampler has chosen by
 * their trace id, with its rate. A span that comes within `ageMs` after its trace was kept is kept too.
 *
 * The sampler of the distro records every span, also those that it has not chosen. With 100 percent it sets no rate, and
 * all spans pass at once.
 */
export function createHoldBack(
  exporting: SpanProcessor,
  { isWorthKeeping, decidedEarly, clock, limits = { traces: 2_000, spans: 20_000, ageMs: 30_000 } }: Options,
): SpanProcessor {
  /** Begins with the oldest. */
  const traces = new Map<string, LocalTrace>();
  const now = () => clock.now().getTime();
  const kept = createRecentIds(limits.traces, now);
  const release = createRelease(exporting);
  let held = 0;

  /** Decides about a trace and hands on its spans. */
  function decide(traceId: string, { keep, open, ended }: LocalTrace): ReadableSpan[] {
    traces.delete(traceId);
    held -= ended.length;
    if (keep || [...open].some(isWorthKeeping)) kept.add(traceId);
    if (kept.has(traceId)) for (const span of ended) standForItself(span);
    return ended;
  }

  function decideEarly(limit: keyof Limits, traceId: string, trace: LocalTrace): ReadableSpan[] {
    decidedEarly(limit);
    return decide(traceId, trace);
  }

  const sweep = setInterval(() => {
    const before = now() - limits.ageMs;
    kept.forget(before);
    const old = [...traces].filter(([, { since }]) => since <= before);
    void release(old.flatMap((trace) => decideEarly('ageMs', ...trace)));
  }, sweepMs).unref();

  return {
    onStart(span, parent) {
      exporting.onStart(span, parent);
      if (span.attributes[sampleRate] === undefined) return;
      const { traceId } = span.spanContext();
      if (!traces.has(traceId)) {
        const [oldest] = traces;
        if (oldest && traces.size >= limits.traces) void release(decideEarly('traces', ...oldest));
        traces.set(traceId, { since: now(), keep: false, open: new Set(), ended: [] });
      }
      traces.get(traceId)?.open.add(span);
    },
    onEnd(span) {
      if (span.attributes[sampleRate] === undefined) return exporting.onEnd(span);
      const { traceId } = span.spanContext();
      const trace = traces.get(traceId);
      // Its trace was decided while it was open.
      if (!trace?.open.delete(span)) {
        if (isWorthKeeping(span)) kept.add(traceId);
        if (kept.has(traceId)) standForItself(span);
        return exporting.onEnd(span);
      }
      trace.ended.push(span);
      held++;
      trace.keep ||= isWorthKeeping(span);
      if (trace.open.size === 0) void release(decide(traceId, trace));
      else if (held > limits.spans) void release(decideEarly('spans', traceId, trace));
    },
    forceFlush: () => exporting.forceFlush(),
    async shutdown() {
      clearInterval(sweep);
      await release([...traces].flatMap((trace) => decide(...trace)));
      await exporting.shutdown();
    },
  };
}

/**
 * Passes spans on; the batch processor leaves out those that are not sampled. It also drops what its queue of 2,048 cannot
 * take at once, so many spans go in parts, each when the one before has been exported.
 */
function createRelease(exporting: SpanProcessor) {
  return async function release(spans: readonly ReadableSpan[]): Promise<void> {
    for (const [index, span] of spans.entries()) {
      if (spans.length > atOnce && index % atOnce === 0) await exporting.forceFlush().catch(globalErrorHandler);
      exporting.onEnd(span);
    }
  };
}

/** Marks a span as sampled, at a rate of 100 percent. */
function standForItself(span: ReadableSpan): void {
  span.spanContext().traceFlags |= TraceFlags.SAMPLED;
  span.attributes[sampleRate] = 100;
}

/** The last ids that were added, at most `most`, with the time in milliseconds. */
function createRecentIds(most: number, now: () => number) {
  /** Begins with the oldest. */
  const times = new Map<string, number>();
  return {
    has: (id: string) => times.has(id),
    add(id: string): void {
      times.delete(id);
      times.set(id, now());
      const [oldest = ''] = times.keys();
      if (times.size > most) times.delete(oldest);
    },
    forget(before: number): void {
      for (const [id, time] of times) if (time <= before) times.delete(id);
    },
  };
}
