import { CommandRefused } from '../command-refused.ts';
import { readOptions } from '../read-options.ts';

export interface AssessArguments {
  /** A file with the answers; without it a person is asked. */
  answers: string | undefined;
  check: boolean;
  apply: boolean;
  json: boolean;
}

export const assessHelp = `npm run assess [-- --answers <file>] [--apply]
npm run assess -- --check

Asks what failure means, who feels it, what will change and what hurts today, and recommends a level: the rules are in
docs/assess.md. Writes the answers into observability.json and a decision record into docs/decisions.

  --answers <file>  the answers as JSON, where no person can be asked:
                    { "failure": "harmless", "impact": "internal", "evolution": "stable", "pain": "none" }
                    with or without "budget": 100 and "reason": "why we keep another level"
  --apply           also sets the level to the recommended one
  --check           for a pipeline: compares the level with the answers in observability.json and writes nothing. A level
                    that is too high, and answers that are missing or old, are warnings.
  --json            one object

Exit code: 0 done, 1 the level is too low (--check), 2 wrong usage.
`;

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
