import type { BusinessRows } from '../../src/config/business-settings.ts';
import type { Environment } from '../../src/config/environment.ts';
import type { Target } from './find-target.ts';

/**
 * A sentence for each thing that was found, by its code; none when all is well. A code that is left out was not checked,
 * because another finding stands in the way.
 */
export type Found = Readonly<Record<string, readonly string[]>>;

/** One look at the system. It answers whether the things that its codes name are wrong. */
export interface Check {
  /** They never change, so that a pipeline can name them. `docs/doctor.md` has an entry for each. */
  codes: readonly string[];
  /** Throws `CommandRefused` when it cannot be done here. The message says why, and how it can be done. */
  run(context: DoctorContext): Promise<Found> | Found;
}

/** What the checks look at. */
export interface DoctorContext {
  /** The checkout. */
  root: string;
  env: Environment;
  nodeVersion: string;
  businesses: readonly BusinessRows[];
  target: Target;
  /** How long it waits for what it has sent, in milliseconds. */
  patienceMs: number;
  /** Shows a line that is not part of the result. */
  tell(line: string): void;
  /** Looks at the first call only: every check gets the same answer, or the same error. */
  ask<T>(look: (context: DoctorContext) => T): T;
}

/** The sentence when it holds. */
export const when = (holds: boolean, sentence: string): string[] => (holds ? [sentence] : []);
