import type { KqlResult, KqlValue } from '../index.ts';
import type { DocumentedExample } from './documented-examples.ts';

/**
 * Whether a result is what a page prints. A page prints numbers with fewer digits, dates in several forms and dynamic values
 * as JSON; the rows of a query without an order may come in any. Answers what differs, or undefined.
 */
export function difference({ query, columns, rows, isCut }: DocumentedExample, result: KqlResult): string | undefined {
  const names = result.columns.map(({ name }) => name);
  const printed = columns.map(plain);
  const told = `columns ${names.join(', ')}; the page has ${printed.join(', ')}`;
  if (names.length !== printed.length) return told;
  // A column without a name in the query is often given one by the page alone.
  if (names.some((name, at) => name !== printed[at] && query.includes(printed[at] ?? ''))) return told;
  if (!isCut && rows.length !== result.rows.length) return `${result.rows.length} rows; the page has ${rows.length}`;
  const left = [...result.rows];
  for (const row of rows) {
    const at = left.findIndex((found) => names.every((name, index) => sameCell(found[name] ?? null, row[index] ?? '')));
    if (at === -1) return `no row ${row.join(' | ')}; the first left is ${JSON.stringify(left[0], asText)}`;
    left.splice(at, 1);
  }
  return undefined;
}

const asText = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
const plain = (text: string) =>
  text
    .replaceAll(/[`\s]+/g, ' ')
    .replaceAll(/^<(.*)>$/g, '$1')
    .replace('∞', 'Infinity')
    .trim();

function sameCell(found: KqlValue, cell: string): boolean {
  const text = plain(cell);
  if (found === null || found === '') return /^(null|""|\(null\)|nan)?$/i.test(text);
  if (typeof found === 'boolean') return text.toLowerCase() === String(found) || text === String(Number(found));
  if (typeof found === 'bigint') return text.replaceAll(',', '') === String(found);
  if (typeof found === 'number') return sameNumber(found, text);
  if (typeof found === 'string') return plain(found) === text || sameTime(found, text) || sameJson(found, text);
  return sameJson(found, text);
}

/** Equal in the digits that the page shows. */
function sameNumber(found: number, text: string): boolean {
  if (!Number.isFinite(found)) return text.toLowerCase() === String(found).toLowerCase();
  const [, digits = '', exponent = '0'] = /^-?\d[\d,]*(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [undefined];
  const printed = Number(text.replaceAll(',', ''));
  if (text === '' || Number.isNaN(printed)) return false;
  const lastDigit = 10 ** (Number(exponent) - digits.length);
  const tolerance = Number.isInteger(found) && digits === '' ? 0 : Math.max(0.51 * lastDigit, Math.abs(found) * 1e-12);
  return Math.abs(found - printed) <= tolerance;
}

const spanPattern = /^(-)?(?:(\d+)\.)?(\d\d?):(\d\d):(\d\d)(?:\.(\d{1,7}))?$/;
const dateTail = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,7}))?Z?$/;

function sameTime(found: string, text: string): boolean {
  const spans = [found, text].map((each) =>
    spanPattern
      .exec(each)
      ?.slice(1)
      .map((part = '') => part.replace(/0+$/, '')),
  );
  if (spans[0] && spans[1]) return String(spans[0]) === String(spans[1]);
  const date = dateTail.exec(found);
  if (!date) return false;
  const other = dateTail.exec(text) ?? /^(\d{4}-\d\d-\d\d)$/.exec(text);
  if (other) {
    const [day, time = '00:00:00', fraction = ''] = other.slice(1);
    const seconds = time.length === 5 ? `${time}:00` : time;
    return date[1] === day && date[2] === seconds && (date[3] ?? '').replace(/0+$/, '') === fraction.replace(/0+$/, '');
  }
  return Date.parse(`${text} UTC`) === Date.parse(`${found.slice(0, 19)}Z`);
}

function sameJson(found: KqlValue, text: string): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text.replaceAll(/\bNaN\b/g, '"NaN"'));
  } catch {
    return false;
  }
  const held: unknown = typeof found === 'string' ? tryJson(found) : found;
  return held !== undefined && sameValue(held, value);
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sameValue(found: unknown, printed: unknown): boolean {
  if (typeof found === 'number') return sameNumber(found, String(printed));
  if (typeof found === 'bigint') return String(found) === String(printed);
  if (typeof found === 'string') return found === printed || sameTime(found, String(printed));
  if (found === null || typeof found !== 'object') return found === printed;
  if (printed === null || typeof printed !== 'object' || Array.isArray(found) !== Array.isArray(printed)) return false;
  const [mine, theirs] = [Object.entries(found), new Map(Object.entries(printed))];
  return (
    mine.length === theirs.size && mine.every(([key, part]) => theirs.has(key) && sameValue(part, theirs.get(key)))
  );
}
