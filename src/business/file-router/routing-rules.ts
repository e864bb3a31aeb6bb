import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { createGlob } from './glob.ts';

/** Turns a glob into the function that tests it. An invalid glob is a fault of its rule. */
const glob = z
  .string()
  .min(1)
  .transform((pattern, context) => {
    try {
      return createGlob(pattern);
    } catch (error) {
      context.addIssue((error as Error).message);
      return z.NEVER;
    }
  });

const ruleSchema = z
  .strictObject({
    name: glob.describe('Glob on the file name, letter case ignored.').optional(),
    contentType: glob.describe('Glob on the media type, such as image/*.').optional(),
    minBytes: z.int().min(0).optional(),
    maxBytes: z.int().min(1).optional(),
    destination: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens')
      .nullable()
      .describe('Where the file goes; null: nowhere, on purpose.'),
  })
  .refine((rule) => (rule.minBytes ?? 0) <= (rule.maxBytes ?? Number.POSITIVE_INFINITY), 'minBytes is above maxBytes');

const rulesSchema = z.strictObject({ $schema: z.string().optional(), rules: z.array(ruleSchema).min(1) });

export interface FileFacts {
  name: string;
  contentType: string;
  bytes: number;
}

/** The destination of the first rule that matches; `undefined` when no rule matches or its destination is null. */
export type RoutingRules = (file: FileFacts) => string | undefined;

/**
 * Parses the rules once, so that each file costs only the matching. Throws one error with a line for each fault when
 * the text does not hold rules.
 */
export function parseRoutingRules(text: string, source: string): RoutingRules {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${source} is not JSON: ${(error as Error).message}`);
  }
  const read = rulesSchema.safeParse(json);
  if (!read.success) {
    const faults = read.error.issues.map((issue) => `  ${issue.path.join('.') || 'the file'}: ${issue.message}`);
    throw new Error(`${source} does not hold routing rules:\n${faults.join('\n')}`);
  }
  const { rules } = read.data;

  return function route({ name, contentType, bytes }) {
    const rule = rules.find(
      ({ minBytes = 0, maxBytes = Infinity, name: fitsName, contentType: fitsType }) =>
        bytes >= minBytes && bytes <= maxBytes && fitsName?.(name) !== false && fitsType?.(contentType) !== false,
    );
    return rule?.destination ?? undefined;
  };
}

/** Throws a sentence that names the file when it cannot be read or does not hold rules. */
export async function readRoutingRules(path: string): Promise<RoutingRules> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new Error(`The routing rules cannot be read: ${error.message}. FILE_ROUTER_RULES names the file.`);
  });
  return parseRoutingRules(text, path);
}
