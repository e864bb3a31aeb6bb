import { registry } from '../../../../../src/observability/registry.ts';

/** The sections of all modules as the loader hands them over: the given ones, with every default filled in. */
export const allSections = (given: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  Object.fromEntries(
    registry.flatMap(({ manifest: { section } }) =>
      section ? [[section.key, section.schema.parse(given[section.key] ?? {})]] : [],
    ),
  );
