import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';

type Options = Partial<AzureMonitorOpenTelemetryOptions>;
type Named = { name: string; options: Options };

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/**
 * One set of options from all modules: arrays are joined in the order given, objects merged one level.
 * Throws when two modules give the same scalar: which one wins must never depend on their order.
 */
export function mergeOptions(parts: readonly Named[]): Options {
  const merged: Record<string, unknown> = {};
  const givenBy = new Map<string, string>();

  const claim = (path: string, name: string) => {
    const other = givenBy.get(path);
    if (other !== undefined)
      throw new Error(`The modules ${other} and ${name} both set azureMonitor.${path}: only one may.`);
    givenBy.set(path, name);
  };

  for (const { name, options } of parts) {
    for (const [key, value] of Object.entries(options)) {
      const before = merged[key];
      if (Array.isArray(value) && (before === undefined || Array.isArray(before))) {
        merged[key] = [...(before ?? []), ...value];
      } else if (isPlainObject(value) && (before === undefined || isPlainObject(before))) {
        for (const inner of Object.keys(value)) claim(`${key}.${inner}`, name);
        merged[key] = { ...before, ...value };
      } else {
        claim(key, name);
        merged[key] = value;
      }
    }
  }
  return merged;
}
