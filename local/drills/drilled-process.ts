import { pathToFileURL } from 'node:url';
import { type ServiceObservers, startObserved } from '../cli/start/observed-process.ts';
import { waitUntilReady } from '../cli/start/readiness.ts';
import { serviceNameOf } from '../cli/start/service-name.ts';
import { production, type ServiceProcess, startServiceProcess } from '../cli/start/service-process.ts';

export interface ProcessChanges {
  /** Instead of or beside the variables of the drill; undefined takes one away. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Files that the service loads before its telemetry. */
  preload?: readonly string[];
}

export const graceMs = 3_000;
const startMs = 30_000;
/** The name under which the service reports. */
export const app = serviceNameOf({});

/** The processes of the service, one after the other, each started as `npm start` starts it. */
export function createDrilledProcess({
  root,
  url,
  preload,
  environment,
  observers,
}: {
  root: string;
  url: string;
  preload: readonly string[];
  environment(changes: ProcessChanges['env']): Record<string, string>;
  observers: ServiceObservers;
}) {
  const said: string[] = [];
  let current: ServiceProcess | undefined;

  const launch = ({ env, preload: more = [] }: ProcessChanges = {}): ServiceProcess => {
    const imports = [...preload, ...more].flatMap((file) => ['--import', pathToFileURL(file).href]);
    const command = { command: production.command, args: [...imports, ...production.args] };
    const launched = startObserved(
      (keep) =>
        startServiceProcess({
          ...{ command, cwd: root, env: environment(env), graceMs },
          output(chunk, stream) {
            keep(chunk, stream);
            said.push(String(chunk));
          },
        }),
      observers,
      app,
    );
    current = launched;
    return launched;
  };

  return {
    /** Starts a process, after one that has ended, and does not wait for it. */
    launch,
    /** Starts a process and resolves when it is ready. Throws, with what was said, when it does not become so. */
    async start(changes?: ProcessChanges): Promise<void> {
      const ended = launch(changes).ended.then((how) => Promise.reject(new Error(`it ended with ${how}`)));
      ended.catch(() => undefined); // it ends some time
      await Promise.race([waitUntilReady(url, AbortSignal.timeout(startMs)), ended]).catch((error: Error) => {
        throw new Error(`The service does not become ready: ${error.message}\n${said.join('').slice(-4_000)}`);
      });
    },
    /** Asks it to end, as a platform does. */
    async end(): Promise<void> {
      await current?.stop();
    },
    /** Ends it as the kernel does when memory is short. Resolves when it is gone. */
    async crash(): Promise<void> {
      if (current?.pid !== undefined) process.kill(current.pid, 'SIGKILL');
      await current?.ended;
    },
    /** Ends it now, for a command that a signal ends: what it would still write comes too late. */
    kill(): void {
      current?.kill();
    },
    /** What all of them wrote. */
    output: () => said.join(''),
  };
}
