/** The ranges that a person chooses from, as they stand in an address. */
export const ranges: readonly (readonly [range: string, label: string])[] = [
  ['5m', '5 min'],
  ['15m', '15 min'],
  ['1h', '1 h'],
  ['6h', '6 h'],
  ['24h', '24 h'],
  ['all', 'All'],
];

export const defaultRange = '15m';

export type Route =
  | { page: 'overview' | 'transactions' | 'logs' | 'queries' | 'drills' | 'plan' | 'send' | 'missing' }
  | { page: 'transaction'; id: string }
  | { page: 'queues'; queue?: string; sequence?: string }
  | { page: 'alerts'; rule?: string }
  | { page: 'drill'; name: string };

/** What a path means. */
export function routeOf(path: string): Route {
  const [page = '', first, second, third, ...rest] = path.split('/').slice(1).map(decode);
  if (rest.length === 0) {
    if (page === '' && first === undefined) return { page: 'overview' };
    if (page === 'transactions' && first && second === undefined) return { page: 'transaction', id: first };
    if (page === 'alerts' && second === undefined) return { page: 'alerts', ...(first && { rule: first }) };
    if (page === 'drills' && first && second === undefined) return { page: 'drill', name: first };
    if (page === 'queues' && second === undefined) return { page: 'queues', ...(first && { queue: first }) };
    if (page === 'queues' && first && second === 'dead-letters' && third) {
      return { page: 'queues', queue: first, sequence: third };
    }
    if (first === undefined && isFlat(page)) return { page };
  }
  return { page: 'missing' };
}

const flat = ['transactions', 'logs', 'queries', 'drills', 'plan', 'send'] as const;
const isFlat = (page: string): page is (typeof flat)[number] => flat.some((each) => each === page);

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Of an address: the range, in the form that the server asks for, and nothing else. */
export function rangeOf(search: string): URLSearchParams {
  const params = new URLSearchParams(search);
  const [from, to] = [params.get('from'), params.get('to')];
  if (from && to) return new URLSearchParams({ from, to });
  const range = params.get('range') ?? defaultRange;
  return new URLSearchParams({ range: ranges.some(([known]) => known === range) ? range : defaultRange });
}

/** The range of an address as two times of the reader's clock, to begin a custom one with: `2026-11-22T14:31:49`. */
export function customRange(search: string, now: number): { from: string; to: string } {
  const range = rangeOf(search);
  const to = Date.parse(range.get('to') ?? '') || now;
  const from = Date.parse(range.get('from') ?? '') || to - (spans[range.get('range') ?? ''] ?? 24 * 3_600_000);
  return { from: clockText(from), to: clockText(to) };
}

const spans: Readonly<Record<string, number>> = { '5m': 300_000, '15m': 900_000, '1h': 3_600_000, '6h': 6 * 3_600_000 };

function clockText(at: number): string {
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day}T${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** The range in words, for the button that changes it. */
export function rangeLabel(search: string): string {
  const range = rangeOf(search).get('range');
  return ranges.find(([known]) => known === range)?.[1] ?? 'Custom';
}

/** An address of the page: the range goes along, and what is empty or undefined stays out. */
export function addressOf(
  path: string,
  search: string,
  params: Readonly<Record<string, string | undefined>> = {},
): string {
  const kept = rangeOf(search);
  if (kept.get('range') === defaultRange) kept.delete('range');
  for (const [name, value] of Object.entries(params)) {
    if (value) kept.set(name, value);
    else kept.delete(name);
  }
  const text = kept.toString();
  return text ? `${path}?${text}` : path;
}
