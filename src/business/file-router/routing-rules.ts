import { z } from 'zod';
import { type JsonSource, readJsonFile } from '../../config/json-file.ts';
import { createGlob } from './glob.ts';

/** Turns a glob into the function that tests it. An invalid glob is a fault of its rule. */
const glob = z
  .string()
  .min(1)
  .transform((pattern, context) => {
    try {
      return createGlob(pattern);
    } catch (error) {
      context.addIssue(`a valid glob (here ${(error as Error).message})`);
      return z.NEVER;
    }
  });

const destinationForm = 'lower-case letters, digits and hyphens, or null for nowhere';

const ruleSchema = z
  .strictObject({
    name: glob.describe('Glob on the file name, letter case ignored.').optional(),
    contentType: glob.describe('Glob on the media type, such as image/*.').optional(),
    minBytes: z.int().min(0).optional(),
    maxBytes: z.int().min(1).optional(),
    destination: z
      .string(destinationForm)
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, destinationForm)
      .nullable()
      .describe('Where the file goes; null: nowhere, on purpose.'),
  })
  .refine(
    (rule) => (rule.minBytes ?? 0) <= (rule.maxBytes ?? Number.POSITIVE_INFINITY),
    'minBytes of at most maxBytes',
  );

const rulesSchema = z.strictObject({
  $schema: z.string().optional(),
  rules: z.array(ruleSchema).min(1, 'at least one rule'),
});

export interface FileFacts {
  name: string;
  contentType: string;
  bytes: number;
}

/** The destination of the first rule that matches; `undefined` when no rule matches or its destination is null. */
export type RoutingRules = (file: FileFacts) => string | undefined;

/** Reads the rules once, so that each file costs only the matching. Throws `ConfigError` with all faults of the file. */
export function readRoutingRules(source: JsonSource): RoutingRules {
  const { rules } = readJsonFile(source, rulesSchema);

  return function route({ name, contentType, bytes }) {
    const rule = rules.find(
      ({ minBytes = 0, maxBytes = Infinity, name: fitsName, contentType: fitsType }) =>
        bytes >= minBytes && bytes <= maxBytes && fitsName?.(name) !== false && fitsType?.(contentType) !== false,
    );
    return rule?.destination ?? undefined;
  };
}
