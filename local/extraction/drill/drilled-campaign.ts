import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Campaign } from '../world/campaign.ts';

/** One of the seeds on which thresholds were fixed; the page of figures says how often honest customers are reported in others. */
export const drilledSeed = 5;
export const drilledCampaign: Campaign = { fingerprints: 100, rate: 1, openedIn: 1, switchAfter: 2, prevalence: 0.1 };
export const drilledRequests = 20_000;

const levelOfEvents = 5;

/** The file of the checkout at another level; callers need tokens, or none is told from another. */
export function configurationOfDrill(root: string, level: number): object {
  const { $schema, ...file } = JSON.parse(
    readFileSync(join(root, 'observability.json'), 'utf8').replace(/^\uFEFF/, ''),
  );
  const add = [...new Set([...(file.modules?.add ?? []), 'bearer-tokens'])];
  const soon = level >= levelOfEvents && { securityEvents: { everySeconds: 1 } };
  return { ...file, level, modules: { ...file.modules, add }, ...soon };
}
