import { listOf, readFields } from './rule-header.ts';

/** What the header comment of a rule's `.kql` says. All of it is required, because each line is asked for at night. */
export interface LogRule {
  title: string;
  severity: number;
  feels: string;
  firstAction: string;
  window: string;
  frequency: string;
  aggregation: 'Average' | 'Count' | 'Maximum' | 'Minimum' | 'Total';
  /** The column that is compared; absent when rows are counted. */
  measure?: string;
  operator: 'GreaterThan' | 'GreaterThanOrEqual' | 'LessThan' | 'LessThanOrEqual';
  /** Text, because Bicep has no fractions. */
  threshold: string;
  failing: number;
  periods: number;
  dimensions: string[];
  /** The level whose signals it reads, and the modules that send them. */
  level: number;
  modules: string[];
  drill: string;
  query: string;
}

const FIELDS = [
  'title',
  'severity',
  'feels',
  'first action',
  'window',
  'frequency',
  'condition',
  'periods',
  'dimensions',
  'signals',
  'drill',
] as const;
type Field = (typeof FIELDS)[number];

const AGGREGATIONS = { avg: 'Average', max: 'Maximum', min: 'Minimum', sum: 'Total' } as const;
const OPERATORS = { '>': 'GreaterThan', '>=': 'GreaterThanOrEqual', '<': 'LessThan', '<=': 'LessThanOrEqual' } as const;
const CONDITION =
  /^(?:rows|(?<aggregation>avg|max|min|sum)\((?<measure>\w+)\)) (?<operator>[<>]=?) (?<threshold>\d+(?:\.\d+)?)$/;

/** Reads one rule. Throws one error that names the file and every fault of its header. */
export const readLogRule = (file: string, text: string): LogRule => {
  const { query, faults, field, matched } = readFields<Field>(text, FIELDS);
  const condition = matched('condition', CONDITION, 'like "max(burn) > 14.4" or "rows > 0"', (groups) => ({
    ...(groups.measure === undefined ? {} : { measure: groups.measure }),
    aggregation: AGGREGATIONS[groups.aggregation as keyof typeof AGGREGATIONS] ?? 'Count',
    operator: OPERATORS[groups.operator as keyof typeof OPERATORS],
    threshold: groups.threshold ?? '',
  }));
  const periods = matched('periods', /^(?<failing>\d) of (?<periods>\d)$/, 'like "1 of 1"', (groups) => ({
    failing: Number(groups.failing),
    periods: Number(groups.periods),
  }));
  const signals = matched(
    'signals',
    /^level (?<level>[1-5]): (?<modules>.+)$/,
    'like "level 3: custom-events"',
    (groups) => ({
      level: Number(groups.level),
      modules: listOf(groups.modules),
    }),
  );
  const severity = matched('severity', /^(?<severity>[0-4])$/, 'a number from 0 to 4', (groups) =>
    Number(groups.severity),
  );
  matched('drill', /^[a-z-]+$/, 'the name of a drill', () => undefined);
  if (faults.length > 0) throw new Error(`${file}: ${faults.join('; ')}`);
  return {
    title: field('title'),
    severity,
    feels: field('feels'),
    firstAction: field('first action'),
    window: field('window'),
    frequency: field('frequency'),
    ...condition,
    ...periods,
    dimensions: listOf(field('dimensions')),
    ...signals,
    drill: field('drill'),
    query,
  };
};
