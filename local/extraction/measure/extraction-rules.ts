import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ruleNames = [
  'extraction-shared-fingerprint',
  'extraction-young-accounts',
  'extraction-switch-after-limit',
] as const;
export type RuleName = (typeof ruleNames)[number];

const folder = join(import.meta.dirname, '../../../infra/observability/security-events');

/** The text of a rule as it is deployed. */
export const readRule = (name: RuleName): string => readFileSync(join(folder, `${name}.kql`), 'utf8');
