import { AzureLogger } from '@azure/logger';
import { context, type DiagLogger, DiagLogLevel, diag, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Clock } from '../../../platform/clock.ts';
import type { Logger, Severity } from '../../../platform/log.ts';

const quietForMs = 60_000;
const problemsHeld = 50;

/** What no operator can act on, and the exporter's own words for what `delivery.ts` says better. */
const noise = [
  'async attributes',
  '@azure/core-tracing has been loaded before',
  'otel_metrics_exporter',
  'envelopes could not be exported',
  'retrying due to transient client side error',
  'request timed out',
];

export type Report = (severity: Severity, parts: readonly unknown[]) => void;

/**
 * Brings what the telemetry SDK says about itself into our log. To be called after the SDK has started: it replaces any
 * such logger with its own, which writes plain text to standard output.
 */
export function reportSdkProblems(report: Report): void {
  const silent = () => {};
  const logger: DiagLogger = {
    error: (...parts) => report('error', parts),
    warn: (...parts) => report('warning', parts),
    info: silent,
    debug: silent,
    verbose: silent,
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  // The Azure SDKs warn about each reconnect; the platform reports what matters of it.
  AzureLogger.log = (...parts) => report('debug', parts);
}

/**
 * Logs each problem once a minute, with how often it was held back since: an unreachable endpoint must not fill the log
 * that reports it.
 */
export function createProblemReport(log: Logger, clock: Clock): Report {
  const seen = new Map<string, { since: number; heldBack: number }>();

  return (severity, parts) => {
    const problem = parts.map(describe).filter(Boolean).join(' ');
    const kind = problem.replaceAll(/\d+/g, '#').toLowerCase();
    if (noise.some((text) => kind.includes(text))) return;
    const now = clock.now().getTime();
    const known = seen.get(kind);
    if (known && now - known.since < quietForMs) {
      known.heldBack++;
      return;
    }
    if (seen.size >= problemsHeld) seen.clear();
    seen.set(kind, { since: now, heldBack: 0 });
    // Told in whatever context a timer was started in: it belongs to no request.
    context.with(ROOT_CONTEXT, () =>
      log[severity]('telemetry has a problem', { problem, heldBack: known?.heldBack ?? 0 }),
    );
  };
}

const describe = (part: unknown): string => {
  if (typeof part === 'string') return part;
  if (part instanceof Error) return part.message || part.name;
  return Array.isArray(part) ? part.map(describe).join(' ') : '';
};
