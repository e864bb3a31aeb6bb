export interface PageTimes {
  page: string;
  range: string;
  /** The data of the first visit, whose queries are translated then. */
  firstMs: number;
  /** Medians. */
  paintMs: number;
  dataMs: number;
}

/** What is promised for the first paint of each page. When the data is there is told, and depends on what else the machine does. */
export const mostMs = 1_000;

const holds = ({ paintMs }: PageTimes): boolean => paintMs < mostMs;

export const pagesHold = (pages: readonly PageTimes[]): boolean => pages.length > 0 && pages.every(holds);

export const pageTable = ({ rows, pages }: { rows: number; pages: readonly PageTimes[] }): string[][] => [
  [`${rows} rows`, 'range', 'first paint ms', 'at most', '', 'data ms', 'data of the first visit ms'],
  ...pages.map((each) => [
    each.page,
    each.range,
    each.paintMs.toFixed(0),
    String(mostMs),
    holds(each) ? 'holds' : 'BROKEN',
    each.dataMs.toFixed(0),
    each.firstMs.toFixed(0),
  ]),
];
