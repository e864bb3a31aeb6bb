export interface PageTimes {
  page: string;
  range: string;
  /** The data of the first visit, whose queries are translated then. */
  firstMs: number;
  /** Medians. */
  paintMs: number;
  dataMs: number;
}

/** What is promised for the first paint and for the data of each page. */
export const mostMs = 1_000;

const holds = ({ firstMs, paintMs, dataMs }: PageTimes): boolean =>
  [firstMs, paintMs, dataMs].every((each) => each < mostMs);

export const pagesHold = (pages: readonly PageTimes[]): boolean => pages.length > 0 && pages.every(holds);

export const pageTable = ({ rows, pages }: { rows: number; pages: readonly PageTimes[] }): string[][] => [
  [`${rows} rows`, 'range', 'first paint ms', 'data ms', 'data of the first visit ms', 'at most', ''],
  ...pages.map((each) => [
    each.page,
    each.range,
    each.paintMs.toFixed(0),
    each.dataMs.toFixed(0),
    each.firstMs.toFixed(0),
    String(mostMs),
    holds(each) ? 'holds' : 'BROKEN',
  ]),
];
