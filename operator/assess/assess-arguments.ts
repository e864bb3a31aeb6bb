import { CommandRefused } from '../command-refused.ts';
import { readOptions } from '../read-options.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = { answers: text, workspace: text, run: text, check: flag, evidence: flag, apply: flag, json: flag };

export type AssessArguments = ReturnType<typeof readAssessArguments>;

/** Throws `CommandRefused`. */
export function readAssessArguments(argv: readonly string[]) {
  const { values } = readOptions(argv, { options });
  const { answers, workspace, run, check, evidence, apply } = values;
  if ((check || evidence) && (answers !== undefined || apply || check === evidence))
    throw new CommandRefused('--check and --evidence only read: give one of them alone. Add --help for more.');
  if ((workspace ?? run) !== undefined && (!evidence || (workspace && run)))
    throw new CommandRefused('--workspace (in Azure) and --run (on this machine) go with --evidence, one of them.');
  return values;
}
