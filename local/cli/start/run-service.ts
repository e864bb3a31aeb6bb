import type { Run } from '../../run-file/index.ts';
import type { EndWish } from './ask-to-end.ts';
import { shownLevel } from './level.ts';
import { waitUntilReady } from './readiness.ts';
import { type Command, startServiceProcess } from './service-process.ts';
import { watchSources } from './source-watch.ts';
import { describeRun } from './summary.ts';
import { superviseService, type Watcher } from './supervisor.ts';

const tell = (text: string) => process.stdout.write(`${text}\n`);
const warn = (text: string) => process.stderr.write(`${text}\n`);

export interface ServiceOptions {
  root: string;
  /** Of this process, for the level. */
  env: NodeJS.ProcessEnv;
  command: Command;
  serviceEnv: Record<string, string>;
  run: Run;
  /** The destinations that run. */
  destinations: readonly string[];
  /** Those that the businesses name now. */
  destinationsNow(): readonly string[];
  /** Sentences for the first table. */
  notes: readonly string[];
  publish(run: Run): Promise<void>;
  end: EndWish;
}

/** Runs the service beside the stand-ins, anew after every change of its files, until somebody wants the end. */
export async function runService(options: ServiceOptions): Promise<void> {
  const { root, command, serviceEnv, run, end } = options;
  const graceMs = Number(serviceEnv.SHUTDOWN_GRACE_MS) || 0; // what is no number stops the service's start
  const supervisor = superviseService({
    launch: () => startServiceProcess({ command, cwd: root, env: serviceEnv, graceMs }),
    waitUntilReady: (signal) => waitUntilReady(run.service, signal),
    watcher: createTeller(options),
  });
  let unwatched = false;
  const watch = watchSources({
    root,
    changed(path) {
      tell(`${path} has changed: the service starts anew.`);
      tellOfNewDestinations(options);
      supervisor.restart();
    },
    unable(reason) {
      if (!unwatched) warn(`Changes of the files cannot be seen (${reason}): after one, stop this and start it again.`);
      unwatched = true;
    },
  });

  const reason = await end.first;
  tell(`\nStopping (${reason}); once more ends everything at once.`);
  watch.stop();
  void end.second.then(supervisor.kill);
  await supervisor.stop();
}

/** Tells what became of the service; with its first news comes the table. */
function createTeller({ root, env, run, notes, publish }: ServiceOptions): Watcher {
  let level = run.level;
  let told = false;
  const news = async () => {
    level = shownLevel(root, env, level);
    const current = { ...run, level };
    await publish(current).catch((error: Error) => warn(`The run file could not be written: ${error.message}`));
    if (!told) tell(describeRun(current, notes));
    told = true;
  };
  return {
    async ready() {
      await news();
      tell(`The service is ready at level ${level}. Ctrl-C stops everything.`);
    },
    async ended(ending, wasReady) {
      await news();
      const what = wasReady ? 'The service ended by itself' : 'The service did not start';
      const when = 'when observability.json or a file in src changes';
      warn(`${what} (${ending}); its own words are above. It starts anew ${when}.`);
    },
  };
}

function tellOfNewDestinations({ destinations, destinationsNow }: ServiceOptions): void {
  const missing = destinationsNow().filter((name) => !destinations.includes(name));
  if (missing.length === 0) return;
  warn(
    `A business names a destination that does not run here yet (${missing.join(', ')}): stop this and start it again.`,
  );
}
