export interface AlertDimension {
  readonly name: string;
  readonly value: string;
}

/** What one evaluation says of one series. */
export interface Finding {
  readonly dimensions: readonly AlertDimension[];
  /** `unknown`: nothing was measured, so that it says neither the one nor the other. */
  readonly outcome: 'met' | 'clear' | 'unknown';
  /** The number that each criterion compared. */
  readonly values: readonly (number | undefined)[];
}

/** Evaluates the condition of a rule as of a time. */
export type Condition = (at: Date) => Promise<readonly Finding[]>;

/** Equal for findings of the same series. */
export const seriesKey = (dimensions: readonly AlertDimension[]): string =>
  JSON.stringify(dimensions.map(({ name, value }) => [name, value]));
