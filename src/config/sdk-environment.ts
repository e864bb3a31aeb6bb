const azureHosts = ['CONTAINER_APP_NAME', 'WEBSITE_SITE_NAME', 'FUNCTIONS_WORKER_RUNTIME', 'KUBERNETES_SERVICE_HOST'];

/**
 * Outside Azure, switches off the statistics that the telemetry SDK sends to Microsoft about itself: the SDK looks for
 * the metadata service of a virtual machine, which is missing, and records the failures as failed calls of this
 * service. The SDK has no option for it and reads the variable when it is imported. A value that is already set stays.
 */
export function silenceSdkOffAzure(environment: NodeJS.ProcessEnv = process.env): void {
  if (azureHosts.some((name) => environment[name])) return;
  environment.APPLICATION_INSIGHTS_NO_STATSBEAT ??= '1';
}

/** Milliseconds that the SDK collects log lines before it sends them, from OpenTelemetry's own variable. */
export const readLogDelayMs = ({ OTEL_BLRP_SCHEDULE_DELAY: given }: NodeJS.ProcessEnv = process.env): number =>
  given !== undefined && /^\d+$/.test(given) ? Number(given) : 5_000;
