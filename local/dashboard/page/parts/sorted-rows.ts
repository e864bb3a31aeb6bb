export type SortValue = string | number | boolean | null | undefined;

/** What a table sorts by. */
export interface Sorting {
  key: string;
  down: boolean;
}

interface Sortable<T> {
  key: string;
  number?: boolean;
  value?: ((row: T) => SortValue) | undefined;
}

/** Reads `sort=-started`; of another table, and of a column that cannot be sorted, it is undefined. */
export function sortingOf<T>(sort: string | null, columns: readonly Sortable<T>[]): Sorting | undefined {
  const down = sort?.startsWith('-') ?? false;
  const key = down ? sort?.slice(1) : sort;
  return columns.some((column) => column.key === key && column.value) ? { key: key as string, down } : undefined;
}

/** What a click on the head of a column asks for: the largest number or the first word, then the reverse, then no order. */
export function nextSort<T>({ key, number }: Sortable<T>, sorting: Sorting | undefined): string | undefined {
  const firstDown = number === true;
  const address = (down: boolean) => (down ? `-${key}` : key);
  if (sorting?.key !== key) return address(firstDown);
  return sorting.down === firstDown ? address(!firstDown) : undefined;
}

/** The rows in an order; those without a value come last in both directions. */
export function sortRows<T>(
  rows: readonly T[],
  columns: readonly Sortable<T>[],
  sorting: Sorting | undefined,
): readonly T[] {
  const value = columns.find(({ key }) => key === sorting?.key)?.value;
  if (!value) return rows;
  const sign = sorting?.down ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [first, second] = [value(a), value(b)];
    const [isFirst, isSecond] = [first ?? '', second ?? ''].map((each) => each !== '');
    if (!isFirst || !isSecond) return Number(isSecond) - Number(isFirst);
    return sign * compare(first, second);
  });
}

const compare = (a: SortValue, b: SortValue): number =>
  typeof a === 'string' && typeof b === 'string' ? words.compare(a, b) : Number(a) - Number(b);
const words = new Intl.Collator('en', { numeric: true });
