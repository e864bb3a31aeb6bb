import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { CommandSettings } from '../../config/command-settings.ts';
import type { Business } from '../../platform/business.ts';
import { createCredential } from '../../platform/credential.ts';
import type { MessageSource } from '../../platform/messaging.ts';
import { type Queues, readQueues } from '../../platform/service-bus/queues.ts';
import { findServiceBus } from '../find-service-bus.ts';
import type { Terminal } from '../terminal.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { createAudit } from './audit.ts';
import type { Selection } from './browse.ts';
import { openBus } from './bus.ts';
import { change } from './change.ts';
import { groups } from './groups.ts';
import { createInPlaceReplay } from './in-place.ts';
import { list } from './list.ts';
import { createPurge } from './purge.ts';
import { createReplay } from './replay.ts';
import { show } from './show.ts';

export interface World {
  terminal: Terminal;
  settings: CommandSettings;
  queues?: Queues;
  /** Loaded for a replay in place alone. */
  loadBusinesses?(): Promise<readonly Business[]>;
  /** How long to go on without meeting a message that is meant. */
  patienceMs?: number;
  /** How long to try when Service Bus does not answer. */
  answerTimeoutMs?: number;
}

/** Runs the command and answers its exit code. Throws `UsageError`, and `ConfigError` for what the environment says. */
export async function runDeadLetters(argv: readonly string[], world: World): Promise<number> {
  const { terminal, settings, queues = readQueues(), answerTimeoutMs = 15_000 } = world;
  const given = readArguments(argv);
  const { action, json, filter, parked } = given;
  const connection = findServiceBus({ settings, run: given.run, namespace: given.namespace });
  const credential = connection.kind === 'namespace' ? await createCredential(settings.azureClientId) : undefined;
  const sources = sourcesOf(given.source, queues);
  const bus = openBus({ connection, credential, answerTimeoutMs });
  const selection: Selection = { bus, sources, filter, parked };
  try {
    switch (action) {
      case 'list':
        await list(selection, terminal, { json });
        return exitCodes.done;
      case 'groups':
        await groups(selection, terminal, { json });
        return exitCodes.done;
      case 'show':
        return await show(selection, terminal, given);
      default:
        return await changeDeadLetters(selection, given, { ...world, queues });
    }
  } finally {
    terminal.count('');
    await bus.close();
  }
}

async function changeDeadLetters(selection: Selection, given: Arguments, world: World & { queues: Queues }) {
  const { terminal, queues, patienceMs, loadBusinesses } = world;
  const { action, perSecond, inPlace } = given;
  const replayId = action === 'replay' ? randomUUID() : undefined;
  const actor = { name: given.actor ?? userName(), replayId };
  const common = { bus: selection.bus, actor, perSecond, tell: terminal.tell, audit: createAudit(terminal, actor) };
  const handlers = inPlace
    ? await (await import('./service-handlers.ts')).loadHandlers({
        businesses: (await loadBusinesses?.()) ?? [],
        queues,
        tell: terminal.tell,
      })
    : undefined;

  const createWorker = (source: MessageSource) => {
    if (action === 'purge') return createPurge({ ...common, source });
    if (!handlers) return createReplay({ ...common, source });
    const assignment = handlers.of(source);
    if (!assignment)
      throw new UsageError(`No business handles "${source.name}": leave --in-place out, or name another --source.`);
    return createInPlaceReplay({ ...common, source, assignment, handlers });
  };
  return change({
    selection,
    terminal,
    given,
    replayId,
    createWorker: ({ source }) => createWorker(source),
    patienceMs,
  });
}

const unknownLockMs = 60_000; // Azure's default, for a source that infra/queues.json does not have

function sourcesOf(name: string | undefined, { sources }: Queues): readonly MessageSource[] {
  if (name === undefined) return [...sources.values()];
  const known = sources.get(name);
  if (known) return [known];
  const facts = { name, lockDurationMs: unknownLockMs, maxDeliveryCount: 10 };
  const [topic = '', subscription, ...rest] = name.split('/');
  if (subscription === undefined) return [{ ...facts, queue: name }];
  if (topic && subscription && rest.length === 0) return [{ ...facts, topic, subscription }];
  throw new UsageError('--source is a queue (files) or a subscription (orders/audit).');
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // a container whose user has no entry
  }
}
