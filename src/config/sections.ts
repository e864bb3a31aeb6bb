import { z } from 'zod';
import { safeUrl } from './connection-strings.ts';

/** A whole number of at least `from`, with its default and its meaning. */
export const wholeNumber = (from: number, value: number, meaning: string) =>
  z.int().min(from).default(value).describe(meaning);

/** Text with its default and its meaning. `allowed` is what a fault says and what editors show for a wrong value. */
export const text = (schema: (error: string) => z.ZodType<string>, allowed: string, meaning: string, value = '') =>
  schema(allowed).default(value).meta({ description: meaning, errorMessage: allowed });

const emptyOr = (schema: z.ZodType<string>) => z.union([z.literal(''), schema]);

const email = text(
  (error) => emptyOr(z.email({ error })),
  'an e-mail address, or "" for nobody',
  'The address that all alerts go to.',
);

const alerts = z.strictObject({ email }).describe('Who is told.');

const slo = z
  .strictObject({
    availabilityBasisPoints: z
      .int()
      .min(1)
      .max(9999)
      .default(9950)
      .describe('Share of requests that must succeed, in hundredths of a percent.'),
    latencyMs: wholeNumber(1, 500, 'What callers accept as the duration of a request, in milliseconds.'),
    fileLatencySeconds: wholeNumber(1, 60, 'What callers accept from acceptance to delivery of a file, in seconds.'),
  })
  .describe('Service level objectives.');

const cost = z
  .strictObject({
    dailyCapMb: wholeNumber(23, 500, 'Daily cap of the workspace, in MB: a seat belt, not a cost control.'),
    monthlyBudget: wholeNumber(1, 50, 'Monthly budget of the resource group, in the currency of the subscription.'),
  })
  .describe('Limits on what telemetry may cost.');

export const tokenRoleForm = '1 to 120 letters, digits, dots, underscores, colons, slashes and hyphens';

/** The value of an app role, or the last part of a scope, as a token contains it. */
export const tokenRole = z
  .string()
  .regex(/^[A-Za-z0-9._:/-]{1,120}$/, tokenRoleForm)
  .meta({ errorMessage: tokenRoleForm });

const tokens = z
  .strictObject({
    issuer: text(
      (error) => emptyOr(safeUrl(error)),
      'an https address, an http address on this machine, or ""',
      'Who issues the bearer tokens of callers; with the audience empty too, no token is asked for.',
    ),
    audience: text(() => z.string(), 'text', 'For whom the bearer tokens of callers are issued.'),
    roles: z
      .array(tokenRole)
      .default([])
      .describe('The app roles and scopes that may call: a token must carry one. None: every access token passes.'),
  })
  .prefault({})
  .describe('The bearer tokens that callers send.');

const availabilityTest = z
  .strictObject({
    everyMinutes: z.literal([5, 10, 15]).default(15).describe('Minutes between two runs from one location.'),
    locations: z.int().min(1).max(5).default(3).describe('From how many locations the service is tried.'),
  })
  .prefault({})
  .describe('The availability test of level 4, which exists only where the service is public.');

export const deploymentSection = z
  .strictObject({
    topology: z
      .enum(['single', 'split'])
      .default('single')
      .describe('One container app for both roles, or one for each.'),
    public: z.boolean().default(false).describe('Whether the service can be reached from the internet.'),
    allowAnonymous: z.boolean().default(false).describe('Whether a public service may go without tokens or roles.'),
    tokens,
    availabilityTest,
  })
  .describe('The shape of the deployment.');

/** The sections of `observability.json` that the deployment reads and no module owns. */
export const deploymentSections: readonly { key: string; schema: z.ZodObject }[] = [
  { key: 'alerts', schema: alerts },
  { key: 'slo', schema: slo },
  { key: 'cost', schema: cost },
  { key: 'deployment', schema: deploymentSection },
];
