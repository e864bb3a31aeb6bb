import type { Contribution } from './module.ts';

/** What a module gives that is put together with what the others give. */
export type Parts = Omit<Contribution, 'telemetry' | 'start' | 'stop'>;

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/**
 * Merges the parts of all modules: lists are joined in the order given, objects are merged key by key. Throws when two
 * modules give the same single value, because their order must not decide which one wins.
 */
export function mergeParts(modules: readonly { name: string; parts: Parts }[]): Parts {
  const givenBy = new Map<string, string>();

  function add(name: string, parts: object, into: Record<string, unknown>, path = ''): Record<string, unknown> {
    for (const [key, value] of Object.entries(parts)) {
      const before = into[key];
      const place = path + key;
      const other = givenBy.get(place);
      if (Array.isArray(value)) into[key] = [...((before as unknown[]) ?? []), ...value];
      else if (isPlainObject(value)) into[key] = add(name, value, { ...(before as object) }, `${place}.`);
      else if (other !== undefined)
        throw new Error(`The modules ${other} and ${name} both set ${place}: only one may.`);
      else {
        givenBy.set(place, name);
        into[key] = value;
      }
    }
    return into;
  }

  return modules.reduce((merged, { name, parts }) => add(name, parts, merged), {});
}
