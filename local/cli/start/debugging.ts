import { UsageError } from '../command.ts';

const DEFAULT_PORT = 9229;

/** The port of `--inspect` or `--inspect=9230`; undefined without it. Throws `UsageError` for what is no port. */
export function inspectPort(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value === '') return DEFAULT_PORT;
  if (/^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535) return Number(value);
  throw new UsageError(`--inspect takes a port from 1 to 65535, not "${value}": npm start -- --inspect=9230`);
}

/** For `parseArgs`, which knows no option whose value may be left out. */
export const withInspectValue = (args: readonly string[]): string[] =>
  args.map((argument) => (argument === '--inspect' ? '--inspect=' : argument));

/** Node's own option, on loopback: who reaches a debugger can run anything. */
export const inspectArguments = (port: number | undefined): string[] =>
  port === undefined ? [] : [`--inspect=127.0.0.1:${port}`];

const inspectOption = /(?:^|\s)--inspect\S*/g;

/** A debugger that `NODE_OPTIONS` asks for has this process already, so the service must not open the same port. */
export function withoutInspect(env: NodeJS.ProcessEnv): { env: NodeJS.ProcessEnv; note?: string } {
  const given = env.NODE_OPTIONS;
  const rest = given?.replaceAll(inspectOption, '').trim();
  if (given === undefined || rest === undefined || given.trim() === rest) return { env };
  const note = 'NODE_OPTIONS lets you debug "npm start" itself; "npm start -- --inspect" is for the service.';
  return { env: { ...env, NODE_OPTIONS: rest }, note };
}
