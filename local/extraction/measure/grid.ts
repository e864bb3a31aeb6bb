import type { Campaign } from '../world/campaign.ts';

const values = {
  fingerprints: [1, 100, 24_000],
  rate: [0.5, 1],
  openedIn: [1, 14],
  switchAfter: [2, 24],
  prevalence: [0.001, 0.01, 0.1],
} as const satisfies { [Key in keyof Campaign]: readonly Campaign[Key][] };

/** Every way in which an attacker is generated. */
export const grid: readonly Campaign[] = values.fingerprints.flatMap((fingerprints) =>
  values.prevalence.flatMap((prevalence) =>
    values.rate.flatMap((rate) =>
      values.openedIn.flatMap((openedIn) =>
        values.switchAfter.map((switchAfter) => ({ fingerprints, rate, openedIn, switchAfter, prevalence })),
      ),
    ),
  ),
);

/** Beside the grid: an attacker who takes the client that most customers take. */
export const hidden: readonly Campaign[] = values.prevalence.map((prevalence) => ({
  ...{ fingerprints: 0, rate: 1, openedIn: 14, switchAfter: 2, prevalence },
}));

/** Beside the grid: an attacker who hides as people, in a mean cell of each number of fingerprints. */
export const careful: readonly Campaign[] = values.fingerprints.flatMap((fingerprints) =>
  [0.01, 0.1].map((prevalence) => ({
    ...{ fingerprints, rate: 1, openedIn: 14, switchAfter: 2, prevalence, like: 'people' as const },
  })),
);

/** All that are measured, in the order of the results. */
export const measuredCells: readonly Campaign[] = [...grid, ...hidden, ...careful];

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Thresholds are fixed on the first; figures come from the others alone. */
export const seeds = { fixing: range(1, 10), measuring: range(11, 30) } as const;
