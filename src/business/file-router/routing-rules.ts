import { readFile } from 'node:fs/promises';
import picomatch from 'picomatch';
import { z } from 'zod';

const ruleSchema = z
  .strictObject({
    name: z.string().min(1).describe('Glob on the file name, letter case ignored.').optional(),
    contentType: z.string().min(1).describe('Glob on the media type, such as image/*.').optional(),
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

/** Answers the destination of the first rule that fits; `undefined` when none does or when that rule says nowhere. */
export type RoutingRules = (file: FileFacts) => string | undefined;

const glob = (pattern: string | undefined) =>
  pattern === undefined
    ? () => true
    : picomatch(pattern.normalize('NFC'), { nocase: true, dot: true, strictSlashes: true });

/**
 * Reads rules once, so that a file costs only the matching. Names are compared in Unicode's composed form: the same
 * name typed on two systems matches the same rule. Throws a sentence per fault when the text does not hold rules.
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
  const rules = read.data.rules.map(({ name, contentType, minBytes = 0, maxBytes = Infinity, destination }) => ({
    destination,
    matchesName: glob(name),
    matchesType: glob(contentType),
    matchesSize: (bytes: number) => bytes >= minBytes && bytes <= maxBytes,
  }));

  return function route({ name, contentType, bytes }) {
    const composed = name.normalize('NFC');
    const rule = rules.find((r) => r.matchesSize(bytes) && r.matchesName(composed) && r.matchesType(contentType));
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
