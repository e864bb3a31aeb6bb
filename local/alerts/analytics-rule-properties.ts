import { z } from 'zod';
import { AlertUnsupported } from './alert-unsupported.ts';
import { readSupported } from './read-supported.ts';
import { duration } from './rule-properties.ts';

const shortest = 5;
const longest = 14 * 24 * 60;
const scheduled = duration.refine((minutes) => minutes >= shortest && minutes <= longest, 'is 5 minutes to 14 days');

/** What our rules have; Sentinel has more, and each of it is refused by name. */
const analyticsRuleProperties = z.strictObject({
  displayName: z.string(),
  description: z.string(),
  enabled: z.literal(true),
  severity: z.enum(['High', 'Medium', 'Low', 'Informational']),
  query: z.string(),
  queryFrequency: scheduled,
  queryPeriod: scheduled,
  // Of fewer rows than a number there is no row that an alert could be of.
  triggerOperator: z.literal('GreaterThan'),
  triggerThreshold: z.int().min(0),
  suppressionEnabled: z.literal(false),
  suppressionDuration: z.string(),
  tactics: z.array(z.string()),
  techniques: z.array(z.string()),
  entityMappings: z
    .array(
      z.strictObject({
        entityType: z.string(),
        fieldMappings: z.tuple([z.strictObject({ identifier: z.string(), columnName: z.string() })]),
      }),
    )
    .min(1),
  eventGroupingSettings: z.strictObject({ aggregationKind: z.literal('AlertPerResult') }),
  incidentConfiguration: z.strictObject({
    createIncident: z.literal(true),
    groupingConfiguration: z.strictObject({
      enabled: z.literal(true),
      reopenClosedIncident: z.literal(false),
      lookbackDuration: z.string(),
      matchingMethod: z.literal('AllEntities'),
    }),
  }),
});

/** What an analytics rule of kind Scheduled says, with durations in minutes. */
export type AnalyticsRuleProperties = z.output<typeof analyticsRuleProperties>;

/** Reads the properties of an analytics rule. Throws `AlertUnsupported` for whatever is not evaluated here, by name. */
export function readAnalyticsRuleProperties(rule: string, properties: unknown): AnalyticsRuleProperties {
  const read = readSupported(analyticsRuleProperties, rule, properties);
  if (read.queryFrequency > read.queryPeriod)
    throw new AlertUnsupported(rule, 'queryFrequency', 'is longer than queryPeriod, which Sentinel refuses');
  return read;
}
