import { trace } from '@opentelemetry/api';

/** What the service tells the process that started it: a number that it made, when (milliseconds), its resident memory. */
export interface Told {
  numbered: number;
  at: number;
  memoryBytes: number;
}

/** Loaded into the real service: makes a numbered item every ten milliseconds, log lines and spans in turn. */
const everyMs = 10;
let number = Number(process.env.SOAK_NUMBERED_FROM ?? 0);

// The service's own logger, once its telemetry runs.
const timer = setTimeout(async () => {
  const { running } = await import('../../src/observability/running.ts');
  const tracer = trace.getTracer('soak');
  setInterval(() => {
    if (number % 2 === 0) running.log.info('numbered', { number });
    else tracer.startSpan('numbered', { attributes: { number } }).end();
    const memoryBytes = process.memoryUsage.rss();
    process.send?.({ numbered: number++, at: performance.now(), memoryBytes } satisfies Told);
  }, everyMs).unref();
}, 1_000);
timer.unref();
