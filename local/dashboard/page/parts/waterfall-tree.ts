import type { TransactionItem } from '../../api/contract.ts';

/** One line of the waterfall. */
export interface WaterfallLine {
  item: TransactionItem;
  depth: number;
  /** How many lines it has below it, open or not. */
  below: number;
  open: boolean;
  /** How many like ones it stands for; 1 is itself alone. */
  times: number;
  /** Something below it failed that is not seen. */
  hidesFailure: boolean;
}

/** So many like siblings in a row are told as one line. */
const ALIKE = 5;

/**
 * The items as lines: each under what caused it, in the order of time, as far as its parents are open. Items that name each
 * other as parents stand at the left edge, so that none is lost.
 */
export function linesOf(items: readonly TransactionItem[], closed: ReadonlySet<string>): WaterfallLine[] {
  const known = new Set(items.map(({ id }) => id));
  const children = new Map<string | undefined, TransactionItem[]>();
  for (const item of items) {
    const parent =
      item.parent !== undefined && item.parent !== item.id && known.has(item.parent) ? item.parent : undefined;
    const siblings = children.get(parent);
    if (siblings) siblings.push(item);
    else children.set(parent, [item]);
  }
  for (const siblings of children.values()) siblings.sort(byStart);
  const lines: WaterfallLine[] = [];
  const seen = new Set<string>();
  const visit = (item: TransactionItem, depth: number, visible: boolean, alike: readonly TransactionItem[]): Below => {
    if (seen.has(item.id)) return { count: 0, failed: false };
    for (const each of alike) seen.add(each.id);
    const open = !closed.has(item.id);
    const line: WaterfallLine = { item, depth, below: 0, open, times: alike.length, hidesFailure: false };
    if (visible) lines.push(line);
    let failed = false;
    for (const group of groupsOf(children.get(item.id) ?? [], children)) {
      const [first] = group as [TransactionItem];
      const below = visit(first, depth + 1, visible && open, group);
      line.below += below.count + 1;
      failed ||= below.failed || group.some(({ ok }) => !ok);
    }
    line.hidesFailure = !open && failed;
    return { count: line.below, failed };
  };
  for (const group of groupsOf(children.get(undefined) ?? [], children))
    visit(group[0] as TransactionItem, 0, true, group);
  for (const item of items) if (!seen.has(item.id)) visit(item, 0, true, [item]);
  return lines;
}

/** What a reader does not want to see. */
export interface WaterfallFilter {
  /** Only what matches, with what caused it. */
  matches?: ((item: TransactionItem) => boolean) | undefined;
  /** Milliseconds below which what did not fail is left out. */
  leastMs?: number;
  events: boolean;
  logs: boolean;
}

/** The items that pass, each with everything that caused it, so that it keeps its place in the tree. */
export function filteredItems(
  items: readonly TransactionItem[],
  { matches, leastMs = 0, events, logs }: WaterfallFilter,
): readonly TransactionItem[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const isLong = ({ ms, ok }: TransactionItem) => ms === undefined || !ok || ms >= leastMs;
  const isWanted = (item: TransactionItem) =>
    (events || item.kind !== 'event') && (logs || item.kind !== 'log') && isLong(item) && matches?.(item) !== false;
  // What has no length is as small as what it belongs to.
  const isSmall = ({ ms, ok, parent }: TransactionItem) => {
    const above = byId.get(parent ?? '');
    return ms === undefined && ok && above !== undefined && !isLong(above);
  };
  const kept = new Set<string>();
  for (const item of items) {
    if (!isWanted(item) || isSmall(item)) continue;
    let at: TransactionItem | undefined = item;
    while (at && !kept.has(at.id)) {
      kept.add(at.id);
      at = byId.get(at.parent ?? '');
    }
  }
  return items.filter(({ id }) => kept.has(id));
}

interface Below {
  count: number;
  failed: boolean;
}

const byStart = (a: TransactionItem, b: TransactionItem) => Date.parse(a.start) - Date.parse(b.start);

/** Siblings, each by itself, but for `ALIKE` and more of one name after each other that caused nothing. */
function groupsOf(
  siblings: readonly TransactionItem[],
  children: ReadonlyMap<string | undefined, readonly TransactionItem[]>,
): (readonly TransactionItem[])[] {
  const groups: TransactionItem[][] = [];
  for (const item of siblings) {
    const last = groups.at(-1);
    const like = last?.[0];
    const isLike =
      like &&
      like.name === item.name &&
      like.kind === item.kind &&
      like.ok === item.ok &&
      !children.has(item.id) &&
      !children.has(like.id);
    if (last && isLike) last.push(item);
    else groups.push([item]);
  }
  return groups.flatMap((group) => (group.length >= ALIKE ? [group] : group.map((item) => [item])));
}
