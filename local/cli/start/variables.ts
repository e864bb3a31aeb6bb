import { withoutInspect } from './debugging.ts';
import { ignoredOf, readEnvFile, withFile } from './env-file.ts';

export interface ServiceVariables {
  /** The shell's variables with those of `.env`. */
  env: NodeJS.ProcessEnv;
  /** What the service gets. */
  service: Record<string, string>;
  /** What a person must hear of. */
  notes: string[];
}

/** Reads `.env` beside the shell's variables; `decide` answers what the service is told then. */
export function readVariables(
  root: string,
  shell: NodeJS.ProcessEnv,
  decide: (env: NodeJS.ProcessEnv) => Record<string, string>,
): ServiceVariables {
  const file = readEnvFile(root);
  const { env, note } = withoutInspect(withFile(shell, file.variables));
  const service = decide(env);
  const notes = [file.fault, note, ...ignoredOf(file.variables, shell, service)];
  return { env, service, notes: notes.filter((each) => each !== undefined) };
}

/** The same at the level that this run was switched to. */
export const atLevel = ({ env, service, notes }: ServiceVariables, level: number | undefined): ServiceVariables => ({
  env: switchedTo(level, env),
  service: switchedTo(level, service),
  notes,
});

/** Variables with the level that this run was switched to, which wins over every file and variable. */
export const switchedTo = <Variables extends NodeJS.ProcessEnv>(
  level: number | undefined,
  env: Variables,
): Variables => (level === undefined ? env : { ...env, OBSERVABILITY_LEVEL: String(level) });
