import { z } from 'zod';
import { safeUrl } from './connection-strings.ts';

/** A whole number from `from` to `to`, with its default and its meaning. */
export const wholeNumber = (from: number, value: number, meaning: string, to = Number.MAX_SAFE_INTEGER) =>
  z.int().min(from).max(to).default(value).describe(meaning);

/** Text with its default and its meaning. `allowed` is what a fault says and what editors show for a wrong value. */
export const text = (schema: (error: string) => z.ZodType<string>, allowed: string, meaning: string, value = '') =>
  schema(allowed).default(value).meta({ description: meaning, errorMessage: allowed });

const alerts = z.strictObject({
  email: text(
    (error) => z.union([z.literal(''), z.email(error)], error),
    'an e-mail address, or "" for no mail',
    'The address that all alerts go to.',
  ),
});

/** When every request fails, an objective below it burns at most 14.4 times too fast: `error-budget-fast` asks for more. */
const lowestObjective = 9306;

const slo = z.strictObject({
  availabilityBasisPoints: z
    .int()
    .min(lowestObjective, `at least ${lowestObjective}: for a lower objective the fastest alert could never fire`)
    .max(9999)
    .default(9950)
    .describe('Requests that must succeed, in hundredths of a percent. Below 9306 the fastest alert could never fire.'),
  latencyMs: wholeNumber(1, 500, 'What callers accept as the duration of a request, in milliseconds.'),
  messageLatencySeconds: wholeNumber(1, 60, 'What callers accept from acceptance to delivery, in seconds.'),
});

const cost = z.strictObject({
  dailyCapMb: wholeNumber(23, 500, 'Daily cap of the workspace, in MB: a seat belt, not a cost control.'),
  monthlyBudget: wholeNumber(0, 0, 'Monthly budget of the resource group, in the currency of its bill; 0: none.'),
});

export const tokenRoleForm = '1 to 120 letters, digits, dots, underscores, colons, slashes and hyphens';

/** The value of an app role, or the last part of a scope, as a token contains it. */
export const tokenRole = /^[A-Za-z0-9._:/-]{1,120}$/;

const tokens = z.strictObject({
  issuer: text(
    (error) => z.union([z.literal(''), safeUrl(error)], error),
    'an https address, an http address on this machine, or ""',
    'Who issues the bearer tokens of callers; with the audience empty too, no token is asked for.',
  ),
  audience: text((error) => z.string(error), 'text', 'For whom the bearer tokens of callers are issued.'),
  roles: z
    .array(z.string().regex(tokenRole, tokenRoleForm).meta({ errorMessage: tokenRoleForm }))
    .default([])
    .describe('The app roles and scopes that may call: a token must carry one. None: every access token passes.'),
});

const availabilityTest = z.strictObject({
  everyMinutes: z.literal([5, 10, 15]).default(15).describe('Minutes between two runs from one location.'),
  locations: wholeNumber(1, 3, 'From how many locations the service is tried.', 5),
});

const deployment = z.strictObject({
  topology: z.enum(['single', 'split']).default('single').describe('One container app for both roles, or one each.'),
  network: z
    .enum(['none', 'vnet'])
    .default('none')
    .describe(
      'Where the apps run. vnet: in a virtual network made here, over several zones. Azure cannot change it later: decide first.',
    ),
  secondRegion: text(
    (error) => z.string().regex(/^[a-z0-9]{0,40}$/, error),
    'the name of an Azure region such as westus3, or "" for one region',
    'A region beside the first: it gets all that the first has, which stays as it is. Needs the module multi-region.',
  ),
  public: z.boolean().default(false).describe('Whether the service can be reached from the internet.'),
  allowAnonymous: z.boolean().default(false).describe('Whether a public service may go without tokens or roles.'),
  operators: text(
    (error) => z.union([z.literal(''), z.guid(error)], error),
    'the object id of an Entra group, which is a GUID, or "" for none',
    'The group whose members run the runbooks: it gets the roles that these need. None: no person gets one.',
  ),
  tokens: tokens.prefault({}).describe('The bearer tokens that callers send.'),
  availabilityTest: availabilityTest
    .prefault({})
    .describe('The availability test of level 4, which exists only where the service is public.'),
});

export type Deployment = z.output<typeof deployment>;
export type Slo = z.output<typeof slo>;
export type Cost = z.output<typeof cost>;

/** The sections of `observability.json` that the deployment reads and no module owns. */
export const deploymentSections = {
  alerts: alerts.prefault({}).describe('Where alerts go.'),
  slo: slo.prefault({}).describe('Service level objectives.'),
  cost: cost.prefault({}).describe('Limits on what telemetry may cost.'),
  deployment: deployment.prefault({}).describe('The shape of the deployment.'),
};
