import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from './api-problem.ts';
import type { Commands, StartedCommand } from './command-process.ts';

export type OperatorName = 'dead-letters' | 'plan' | 'doctor';

const what: Readonly<Record<OperatorName, string>> = {
  'dead-letters': 'reads, replays and purges dead letters',
  plan: 'computes a step of the ladder',
  doctor: 'examines the service',
};

/** Runs commands of `operator/` as processes of their own: the workspaces do not import each other, and either may be deleted. */
export interface Operator {
  /** Why a command cannot be run here, in a sentence, or undefined. */
  missing(name: OperatorName): string | undefined;
  /** Throws `Refused` where it cannot be run. */
  start(name: OperatorName, args: readonly string[]): StartedCommand;
}

export function createOperator(root: string, commands: Pick<Commands, 'start'>): Operator {
  const fileOf = (name: OperatorName) => `operator/${name}.ts`;
  const missing = (name: OperatorName): string | undefined =>
    existsSync(join(root, fileOf(name))) ? undefined : `${fileOf(name)}, which ${what[name]}, is not in this checkout.`;

  return {
    missing,
    start(name, args) {
      const reason = missing(name);
      if (reason !== undefined) {
        const remedy = 'Bring the folder operator/ back from the history of git, or use the Azure portal.';
        throw new Refused(501, { title: 'The command was deleted', detail: reason, remedy });
      }
      return commands.start(fileOf(name), args);
    },
  };
}
