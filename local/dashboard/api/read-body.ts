import { z } from 'zod';
import { Refused } from './api-problem.ts';

/** What was sent, as its schema reads it. Throws `Refused` with what is wrong. */
export function readBodyAs<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new Refused(400, {
    title: 'The request is not complete',
    detail: z.prettifyError(read.error),
    remedy: 'Reload the page: it may be older than its server.',
  });
}
