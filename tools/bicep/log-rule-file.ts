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

const list = (text: string) => (text === 'none' ? [] : text.split(',').map((part) => part.trim()));

const HEADER_LINE = /^\/\/ (?<name>[a-z ]+): (?<value>.+)$/;

/** The lines `// name: value` at the top, and the query that begins with the first line of another form. */
export const readHeader = (text: string): { fields: Map<string, string>; query: string } => {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => !HEADER_LINE.test(line));
  const named = lines.slice(0, start).map((line) => HEADER_LINE.exec(line)?.groups ?? {});
  return {
    fields: new Map(named.map(({ name = '', value = '' }) => [name, value])),
    query: `${lines.slice(start).join('\n').trim()}\n`,
  };
};

/** Reads one rule. Throws one error that names the file and every fault of its header. */
export const readLogRule = (file: string, text: string): LogRule => {
  const { fields, query } = readHeader(text);
  const faults: string[] = [];
  for (const name of FIELDS) if (!fields.has(name)) faults.push(`"${name}" is missing`);
  for (const name of fields.keys()) if (!FIELDS.includes(name as Field)) faults.push(`"${name}" is not a field`);
  const matched = <T>(name: Field, form: RegExp, said: string, read: (groups: Record<string, string>) => T) => {
    const found = form.exec(fields.get(name) ?? '');
    if (!found && fields.has(name)) faults.push(`"${name}" is not ${said}`);
    return read({ ...found?.groups });
  };
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
      modules: list(groups.modules ?? ''),
    }),
  );
  const severity = matched('severity', /^(?<severity>[0-4])$/, 'a number from 0 to 4', (groups) =>
    Number(groups.severity),
  );
  matched('drill', /^[a-z-]+$/, 'the name of a drill', () => undefined);
  if (query.trim() === '') faults.push('there is no query');
  if (faults.length > 0) throw new Error(`${file}: ${faults.join('; ')}`);
  const field = (name: Field) => fields.get(name) ?? '';
  return {
    title: field('title'),
    severity,
    feels: field('feels'),
    firstAction: field('first action'),
    window: field('window'),
    frequency: field('frequency'),
    ...condition,
    ...periods,
    dimensions: list(field('dimensions')),
    ...signals,
    drill: field('drill'),
    query,
  };
};
