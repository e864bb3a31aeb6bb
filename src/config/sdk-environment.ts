const azureHosts = ['CONTAINER_APP_NAME', 'WEBSITE_SITE_NAME', 'FUNCTIONS_WORKER_RUNTIME', 'KUBERNETES_SERVICE_HOST'];

/**
 * Off Azure, switches off what the telemetry SDK tells Microsoft about itself: it probes for a virtual machine that is
 * not there and files the failures as failed calls of this service. The SDK reads it when it is imported; it has no
 * option for it. What the operator has set stands.
 */
export function silenceSdkOffAzure(environment: NodeJS.ProcessEnv = process.env): void {
  if (azureHosts.some((name) => environment[name])) return;
  environment.APPLICATION_INSIGHTS_NO_STATSBEAT ??= '1';
}

/** How long a log line may wait for others before it is sent, in milliseconds: OpenTelemetry's own variable for it. */
export const readLogDelayMs = ({ OTEL_BLRP_SCHEDULE_DELAY: given }: NodeJS.ProcessEnv = process.env): number =>
  given !== undefined && /^\d+$/.test(given) ? Number(given) : 5_000;
