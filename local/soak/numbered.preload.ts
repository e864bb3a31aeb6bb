import { trace } from '@opentelemetry/api';

/** What the service in which it runs tells the one who started it: a number that it made, and when (milliseconds). */
export interface Told {
  numbered: number;
  at: number;
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
    process.send?.({ numbered: number++, at: performance.now() } satisfies Told);
  }, everyMs).unref();
}, 1_000);
timer.unref();
