import { listOf, readFields } from './rule-header.ts';

/** What the header comment of an analytics rule of Microsoft Sentinel says, and what Bicep deploys of it. */
export interface AnalyticsRule {
  title: string;
  severity: 'High' | 'Medium' | 'Low' | 'Informational';
  feels: string;
  firstAction: string;
  /** Of MITRE ATT&CK, as Sentinel names them. */
  tactics: string[];
  techniques: string[];
  /** What the rows of the result are about. Incidents on the same entities are one. */
  entities: AnalyticsEntity[];
  /** How far the query looks back. */
  period: string;
  frequency: string;
  operator: 'Equal' | 'GreaterThan' | 'LessThan' | 'NotEqual';
  /** Rows of the result. */
  threshold: number;
  level: number;
  modules: string[];
  /** Absent where no drill can fire it. */
  drill?: string;
  query: string;
}

/** A column of the result that identifies an entity, such as the name of an account. */
export interface AnalyticsEntity {
  type: string;
  identifier: string;
  column: string;
}

const FIELDS = [
  'title',
  'severity',
  'feels',
  'first action',
  'tactics',
  'techniques',
  'entities',
  'period',
  'frequency',
  'trigger',
  'signals',
  'drill',
] as const;

const OPERATORS = { '>': 'GreaterThan', '<': 'LessThan', '==': 'Equal', '!=': 'NotEqual' } as const;
const ENTITY = /^(?<type>[A-Z]\w+) (?<identifier>[A-Z]\w+) = (?<column>\w+)$/;

/** Reads one rule. Throws one error that names the file and every fault of its header. */
export const readAnalyticsRule = (file: string, text: string): AnalyticsRule => {
  const { query, faults, field, matched } = readFields(text, FIELDS);
  const severity = matched(
    'severity',
    /^(?<severity>High|Medium|Low|Informational)$/,
    'High, Medium, Low or Informational',
    ({ severity: named }) => named as AnalyticsRule['severity'],
  );
  const trigger = matched(
    'trigger',
    /^rows (?<operator>[<>]|[=!]=) (?<threshold>\d+)$/,
    'like "rows > 0"',
    (groups) => ({
      operator: OPERATORS[groups.operator as keyof typeof OPERATORS],
      threshold: Number(groups.threshold),
    }),
  );
  const signals = matched(
    'signals',
    /^level (?<level>[1-5]): (?<modules>.+)$/,
    'like "level 5: security-events"',
    (groups) => ({
      level: Number(groups.level),
      modules: listOf(groups.modules),
    }),
  );
  const entities = listOf(field('entities')).map((text): AnalyticsEntity => {
    const { type = '', identifier = '', column = '' } = ENTITY.exec(text)?.groups ?? {};
    if (type === '') faults.push(`the entity "${text}" is not like "Account FullName = caller"`);
    return { type, identifier, column };
  });
  matched('drill', /^[a-z-]+$/, 'the name of a drill, or none', () => undefined);
  if (faults.length > 0) throw new Error(`${file}: ${faults.join('; ')}`);
  const [drill] = listOf(field('drill'));
  return {
    title: field('title'),
    severity,
    feels: field('feels'),
    firstAction: field('first action'),
    tactics: listOf(field('tactics')),
    techniques: listOf(field('techniques')),
    entities,
    period: field('period'),
    frequency: field('frequency'),
    ...trigger,
    ...signals,
    ...(drill === undefined ? {} : { drill }),
    query,
  };
};
