import { getStringFromEnv } from '@opentelemetry/core';

const protocol = 'http/protobuf';

/** The address for each signal. */
export type Endpoints = Readonly<Record<'traces' | 'metrics' | 'logs', string>>;

/**
 * Reads OpenTelemetry's own variables, with its default: a collector on this machine. Throws for a protocol that these
 * exporters do not speak and for an address that is none: the exporters would send to the default and say nothing.
 */
export function readEndpoints(): Endpoints {
  return { traces: endpointOf('traces'), metrics: endpointOf('metrics'), logs: endpointOf('logs') };
}

function endpointOf(signal: keyof Endpoints): string {
  const all = 'OTEL_EXPORTER_OTLP_';
  const own = `${all}${signal.toUpperCase()}_`;
  const asked = (getStringFromEnv(`${own}PROTOCOL`) ?? getStringFromEnv(`${all}PROTOCOL`))?.trim();
  if (asked && asked !== protocol)
    throw new Error(
      `${all}PROTOCOL asks for "${asked}", and this module speaks ${protocol} alone: set it to ${protocol}, and the endpoint to the port for it (4318 in most collectors)`,
    );
  const base = getStringFromEnv(`${all}ENDPOINT`) ?? 'http://localhost:4318';
  const url = getStringFromEnv(`${own}ENDPOINT`) ?? `${base.trim().replace(/\/$/, '')}/v1/${signal}`;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new Error(`The address for ${signal} in ${own}ENDPOINT or ${all}ENDPOINT is no http or https address`);
  return url;
}
