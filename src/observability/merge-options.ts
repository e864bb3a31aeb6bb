import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';

type Options = Partial<AzureMonitorOpenTelemetryOptions>;

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/**
 * Merges the options of all modules: arrays are joined in the order given, objects are merged one level. Throws when two
 * modules give the same scalar, because their order must not decide which value wins.
 */
export function mergeOptions(parts: readonly { name: string; options: Options | undefined }[]): Options {
  const merged: Record<string, unknown> = {};
  const givenBy = new Map<string, string>();
  const claim = (path: string, name: string) => {
    const other = givenBy.get(path);
    if (other !== undefined)
      throw new Error(`The modules ${other} and ${name} both set azureMonitor.${path}: only one may.`);
    givenBy.set(path, name);
  };

  for (const { name, options } of parts) {
    for (const [key, value] of Object.entries(options ?? {})) {
      const before = merged[key];
      if (Array.isArray(value)) merged[key] = [...((before as unknown[]) ?? []), ...value];
      else if (isPlainObject(value)) {
        for (const inner of Object.keys(value)) claim(`${key}.${inner}`, name);
        merged[key] = { ...(before as object), ...value };
      } else {
        claim(key, name);
        merged[key] = value;
      }
    }
  }
  return merged;
}
