import type { z } from 'zod';
import { AlertUnsupported } from './alert-unsupported.ts';

/** Reads a rule, or its properties, by a schema. Throws `AlertUnsupported` with the first property that does not fit. */
export function readSupported<T>(schema: z.ZodType<T>, rule: string, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const property = [...(issue?.path ?? []), ...unknown].join('.');
  throw new AlertUnsupported(rule, property, unknown.length > 0 ? 'is not known here' : `is not (${issue?.message})`);
}
