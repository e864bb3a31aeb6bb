import type { Run } from '../../run-file/index.ts';
import type { EndWish } from './ask-to-end.ts';
import type { OutputStream } from './container-logs.ts';
import { shownLevel } from './level.ts';
import { faultOfObservabilityFile, observabilityFile } from './observability-check.ts';
import { type ServiceObservers, startObserved } from './observed-process.ts';
import { type followQueuesFile, queuesFile } from './queues-file.ts';
import { waitUntilReady } from './readiness.ts';
import { serviceNameOf } from './service-name.ts';
import { type Command, type ServiceProcess, startServiceProcess } from './service-process.ts';
import type { ServiceSwitch } from './service-switch.ts';
import { watchSources } from './source-watch.ts';
import { describeRun } from './summary.ts';
import { superviseService, type Watcher } from './supervisor.ts';
import type { Terminal } from './terminal/index.ts';
import type { ServiceVariables } from './variables.ts';

const tell = (text: string) => process.stdout.write(`${text}\n`);
const warn = (text: string) => process.stderr.write(`${text}\n`);

export interface ServiceOptions {
  root: string;
  /** What the service is told, read anew for each of its processes. */
  environment(): ServiceVariables;
  /** Makes the broker hold what `infra/queues.json` names, before each start of the service. */
  followQueues: ReturnType<typeof followQueuesFile>;
  command: Command;
  /** Renders the service's output for a person; without it, its JSON goes to our standard output as it is. */
  terminal: Terminal | undefined;
  observers: ServiceObservers;
  /** Hears what becomes of the service, and starts it anew at another level. */
  control: ServiceSwitch;
  run: Run;
  /** The destinations that run. */
  destinations: readonly string[];
  /** Those that the businesses name now. */
  destinationsNow(): readonly string[];
  /** Sentences for the first table. */
  notes: readonly string[];
  publish(run: Run): Promise<void>;
  /** Shows the page to the person who asked for it, at the first news of the service. */
  opened: (() => void) | undefined;
  end: EndWish;
}

/** Runs the service beside the stand-ins, anew after every change of its files, until somebody wants the end. */
export async function runService(options: ServiceOptions): Promise<void> {
  const { root, run, end, terminal } = options;
  const supervisor = superviseService({
    launch: createLauncher(options),
    waitUntilReady: (signal) => waitUntilReady(run.service, signal),
    watcher: createTeller(options),
  });
  options.control.connect(supervisor.restart);
  let unwatched = false;
  const watch = watchSources({
    root,
    changed: (paths) => void startAnew(options, paths, supervisor.restart),
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
  terminal?.stop();
}

/** Each process gets the variables and the queues of its own time. */
function createLauncher(options: ServiceOptions): () => ServiceProcess {
  const { root, command, environment, followQueues, terminal, observers, control } = options;
  let said: readonly string[] = [];
  const show = (chunk: Buffer, stream: OutputStream) => {
    control.heard(chunk);
    if (terminal && stream === 'stdout') terminal.output(chunk);
    else process[stream].write(chunk);
  };
  return () => {
    control.launched();
    const { service: env, notes } = environment();
    for (const note of notes) if (!said.includes(note)) warn(note);
    said = notes;
    for (const sentence of followQueues().sentences) warn(sentence);
    const graceMs = Number(env.SHUTDOWN_GRACE_MS) || 0; // what is no number stops the service's start
    const start = (keep: typeof show) => {
      const output: typeof show = (chunk, stream) => {
        keep(chunk, stream);
        show(chunk, stream);
      };
      return startServiceProcess({ command, cwd: root, env, graceMs, output });
    };
    const service = startObserved(start, observers, serviceNameOf(env));
    void service.ended.then(() => terminal?.ended());
    return service;
  };
}

/** A file that only half is there, or is wrong, must not end a service that runs: it is told, and the next change mends it. */
async function startAnew(options: ServiceOptions, paths: readonly string[], restart: () => void): Promise<void> {
  const { root, environment, followQueues } = options;
  const usable: string[] = [];
  for (const path of paths) {
    if (path === observabilityFile) {
      const fault = await faultOfObservabilityFile(root, environment().env);
      if (fault) warn(`${fault}. The service goes on as it is.`);
      else usable.push(path);
    } else if (path === queuesFile) {
      const followed = followQueues();
      for (const sentence of followed.sentences) warn(sentence);
      if (followed.usable) usable.push(path);
    } else {
      usable.push(path);
    }
  }
  if (usable.length === 0) return;
  tell(`${usable.join(', ')} ${usable.length === 1 ? 'has' : 'have'} changed: the service starts anew.`);
  tellOfNewDestinations(options);
  restart();
}

/** Tells what became of the service; with its first news comes the table. */
function createTeller({ root, environment, run, notes, publish, control, opened }: ServiceOptions): Watcher {
  let level = run.level;
  let told = false;
  const news = async () => {
    level = shownLevel(root, environment().env, level);
    const current = { ...run, level };
    await publish(current).catch((error: Error) => warn(`The run file could not be written: ${error.message}`));
    if (!told) {
      tell(describeRun(current, notes));
      opened?.();
    }
    told = true;
  };
  return {
    async ready() {
      control.ready();
      await news();
      tell(`The service is ready at level ${level}. Ctrl-C stops everything.`);
    },
    async ended(ending, wasReady) {
      control.ended(ending);
      await news();
      const what = wasReady ? 'The service ended by itself' : 'The service did not start';
      const when = 'when one of its files changes or the page switches its level';
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
