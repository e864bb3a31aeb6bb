import { z } from 'zod';
import { safeUrl } from './connection-strings.ts';

/** A section that no module owns yet, or that only the deployment reads. `owner` tells in the docs who reads it. */
export interface Section {
  key: string;
  owner: string;
  schema: z.ZodObject;
}

const wholeNumber = (from: number, value: number, meaning: string) =>
  z.int().min(from).default(value).describe(meaning);

/** `errorMessage` is what editors show for a wrong value, and what the loader names as allowed. */
const text = (schema: z.ZodType<string>, allowed: string, meaning: string, value = '') =>
  schema.default(value).meta({ description: meaning, errorMessage: allowed });

const emptyOr = (schema: z.ZodType<string>) => z.union([z.literal(''), schema]);
const day = (meaning: string) => text(emptyOr(z.iso.date()), 'a day such as 2026-01-31, or ""', meaning);

export const correlationSection = z
  .strictObject({
    header: text(
      z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/),
      'a valid name of an HTTP header, of at most 64 characters',
      'The HTTP header that carries the correlation id.',
      'x-correlation-id',
    ),
  })
  .describe('Correlation of one file through all its steps.');

export const alertsSection = z
  .strictObject({
    email: text(emptyOr(z.email()), 'an e-mail address, or "" for nobody', 'The address that all alerts go to.'),
  })
  .describe('Who is told.');

export const sloSection = z
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

export const costSection = z
  .strictObject({
    dailyCapMb: wholeNumber(23, 500, 'Daily cap of the workspace, in MB: a seat belt, not a cost control.'),
    monthlyBudget: wholeNumber(1, 50, 'Monthly budget of the resource group, in the currency of the subscription.'),
  })
  .describe('Limits on what telemetry may cost.');

export const tokenRoleForm = '1 to 120 letters, digits, dots, underscores, colons, slashes and hyphens';

/** The value of an app role or the last part of a scope, as a token carries it. */
export const tokenRole = z
  .string()
  .regex(/^[A-Za-z0-9._:/-]{1,120}$/)
  .meta({ errorMessage: tokenRoleForm });

export const deploymentSection = z
  .strictObject({
    topology: z
      .enum(['single', 'split'])
      .default('single')
      .describe('One container app for both roles, or one for each.'),
    public: z.boolean().default(false).describe('Whether the service can be reached from the internet.'),
    allowAnonymous: z.boolean().default(false).describe('Whether a public service may go without tokens or roles.'),
    tokens: z
      .strictObject({
        issuer: text(
          emptyOr(safeUrl),
          'an https address, an http address on this machine, or ""',
          'Who issues the bearer tokens of callers; with the audience empty too, no token is asked for.',
        ),
        audience: text(z.string(), 'text', 'For whom the bearer tokens of callers are issued.'),
        roles: z
          .array(tokenRole)
          .default([])
          .describe('The app roles and scopes that may call: a token must carry one. None: every access token passes.'),
      })
      .prefault({})
      .describe('The bearer tokens that callers send.'),
    secondRegion: text(
      z.string().regex(/^[a-z0-9]{0,40}$/),
      'a region as Azure writes it, such as westeurope, or ""',
      'The second region of level 5.',
    ),
    availabilityTest: z
      .strictObject({
        everyMinutes: z.literal([5, 10, 15]).default(15).describe('Minutes between two runs from one location.'),
        locations: z.int().min(1).max(5).default(3).describe('From how many locations the service is tried.'),
      })
      .prefault({})
      .describe('The availability test of level 4, which exists only where the service is public.'),
  })
  .describe('The shape of the deployment.');

export const assessmentSection = z
  .strictObject({
    answeredOn: day('The day of the answers.'),
    reviewBy: day('The day on which to answer again.'),
    answers: z
      .record(z.string(), z.union([z.string(), z.int(), z.boolean()]))
      .default({})
      .describe('The answers that the level was chosen by.'),
  })
  .describe('Why this level.');

/** A module that takes a section over names its schema in its manifest, and the line here goes. */
export const sections: readonly Section[] = [
  { key: 'alerts', owner: 'deployment', schema: alertsSection },
  { key: 'slo', owner: 'level 4, not read yet', schema: sloSection },
  { key: 'cost', owner: 'deployment', schema: costSection },
  { key: 'deployment', owner: 'deployment', schema: deploymentSection },
  { key: 'assessment', owner: 'not read yet', schema: assessmentSection },
];
