export interface ApiAnswer<T> {
  data: T;
  asOf: string;
  /** Pass it as `cursor` for the next page; absent on the last one. A page has 200 rows. */
  next?: string;
}

/** `detail` says what is wrong, `do` what helps. */
export interface ApiProblem {
  title: string;
  detail: string;
  do: string;
}

export interface TimeRange {
  from: string;
  to: string;
}

/** Points that begin `step` milliseconds after each other; `null` where nothing was measured. */
export interface TimeSeries {
  step: number;
  times: string[];
  values: Record<string, (number | null)[]>;
}
