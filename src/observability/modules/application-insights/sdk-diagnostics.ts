import { createRequire } from 'node:module';
import { format } from 'node:util';
import { context, type DiagLogger, DiagLogLevel, diag, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Clock } from '../../../platform/clock.ts';
import type { Logger, Severity } from '../../../platform/log.ts';

const quietForMs = 60_000;
const problemsHeld = 50;

/** Messages on which no operator can act, and messages of the exporter about failures that `delivery.ts` reports. */
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
 * Sends the SDK's messages about itself to our log. Call it after the SDK has started: at its start the SDK installs a
 * logger of its own, which writes plain text to standard output.
 */
export function reportSdkProblems(report: Report, log: Logger): void {
  const logger: DiagLogger = {
    error: (...parts) => report('error', parts),
    warn: (...parts) => report('warning', parts),
    info() {},
    debug() {},
    verbose() {},
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  // The copy that the distro and the SDK of Service Bus use: at its start the distro makes it write to standard output.
  const { AzureLogger }: typeof import('@azure/logger') = createRequire(import.meta.url)('@azure/logger');
  // The Azure SDKs warn about each reconnection. The platform reports those that matter.
  AzureLogger.log = (...parts) => log.debug('an Azure SDK reports', { text: format(...parts) });
}

/**
 * Logs each problem at most once a minute and counts its repetitions in `heldBack`, so that an unreachable endpoint does
 * not fill the log.
 */
export function createProblemReport(log: Logger, clock: Clock): Report {
  const seen = new Map<string, { since: number; heldBack: number }>();

  return (severity, parts) => {
    const texts = parts.flat(Infinity).map((part) => (part instanceof Error ? part.message || part.name : part));
    const problem = texts.filter((text) => typeof text === 'string' && text).join(' ');
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
    // The active context can be that of the request in which a timer was started. The problem belongs to no request.
    context.with(ROOT_CONTEXT, () =>
      log[severity]('telemetry has a problem', { problem, heldBack: known?.heldBack ?? 0 }),
    );
  };
}
