import { CommandRefused } from '../command-refused.ts';
import { readOptions } from '../read-options.ts';

export interface AssessArguments {
  /** A file with the answers; without it a person is asked. */
  answers: string | undefined;
  check: boolean;
  apply: boolean;
  json: boolean;
}

/** Throws `CommandRefused`. */
export function readAssessArguments(argv: readonly string[]): AssessArguments {
  const options = {
    answers: { type: 'string' },
    check: { type: 'boolean', default: false },
    apply: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  } as const;
  const { answers, check, apply, json } = readOptions(argv, { options }).values;
  if (check && (answers !== undefined || apply))
    throw new CommandRefused('--check takes neither --answers nor --apply. Add --help to see what is allowed.');
  return { answers, check, apply, json };
}
