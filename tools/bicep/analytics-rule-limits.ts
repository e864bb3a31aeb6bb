import type { AnalyticsRule } from './analytics-rule-file.ts';

const UNITS = { M: 1, H: 60, D: 1440 } as const;
const SHORTEST = 5;
const LONGEST = 14 * 1440;

/** Minutes of `PT5M`, `PT12H` or `P14D`; undefined for another form. */
const minutesOf = (duration: string): number | undefined => {
  const [, count, unit] = /^P(?:T(?=\d+[MH])|(?=\d+D))(\d+)([MHD])$/.exec(duration) ?? [];
  return unit === undefined ? undefined : Number(count) * UNITS[unit as keyof typeof UNITS];
};

/** Sentinel's names (Azure/bicep-types-az, SecurityInsights 2025-09-01, AttackTactic). */
const TACTICS = [
  'Reconnaissance',
  'ResourceDevelopment',
  'InitialAccess',
  'Execution',
  'Persistence',
  'PrivilegeEscalation',
  'DefenseEvasion',
  'CredentialAccess',
  'Discovery',
  'LateralMovement',
  'Collection',
  'Exfiltration',
  'CommandAndControl',
  'Impact',
];
/** Which identifiers an entity has, of the types that our rules name (MicrosoftDocs/azure-docs articles/sentinel/entities-reference.md). */
const IDENTIFIERS: Readonly<Record<string, readonly string[]>> = {
  Account: ['Name', 'FullName', 'UPNSuffix', 'AadUserId', 'Sid', 'ObjectGuid', 'DisplayName'],
  AzureResource: ['ResourceId'],
  CloudApplication: ['Name', 'InstanceName'],
  IP: ['Address'],
  URL: ['Url'],
};

/**
 * What Sentinel refuses in a scheduled rule and no compiler notices (MicrosoftDocs/azure-docs
 * articles/sentinel/scheduled-rules-overview.md). Answers one sentence per fault.
 */
export const analyticsRuleFaults = (rule: AnalyticsRule): string[] => {
  const faults: string[] = [];
  const refuse = (fault: boolean, sentence: string) => {
    if (fault) faults.push(sentence);
  };
  const [period, frequency] = [minutesOf(rule.period), minutesOf(rule.frequency)];
  for (const [what, minutes] of Object.entries({ period, frequency }))
    refuse(minutes === undefined || minutes < SHORTEST || minutes > LONGEST, `${what} is not 5 minutes to 14 days`);
  if (period !== undefined && frequency !== undefined) {
    refuse(frequency > period, 'it is evaluated less often than it looks back');
    for (const [, count, unit = ''] of rule.query.matchAll(/\bago\((\d+)([mhd])\)/g)) {
      const minutes = Number(count) * UNITS[unit.toUpperCase() as keyof typeof UNITS];
      refuse(minutes > period, `ago(${count}${unit}) reaches further back than the period ${rule.period}`);
    }
  }
  refuse(rule.query.length > 10_000, 'the query is longer than 10,000 characters');
  refuse(/\b(search|union)\s+\*/.test(rule.query), '"search *" and "union *" are not allowed');
  for (const tactic of rule.tactics) refuse(!TACTICS.includes(tactic), `${tactic} is no tactic of Sentinel`);
  for (const technique of rule.techniques)
    refuse(!/^T\d{4}$/.test(technique), `the technique ${technique} is not T and four digits`);
  refuse(rule.entities.length === 0 || rule.entities.length > 10, 'it names 1 to 10 entities');
  for (const { type, identifier } of rule.entities)
    refuse(!IDENTIFIERS[type]?.includes(identifier), `an entity ${type} is not identified by ${identifier}`);
  return faults;
};
