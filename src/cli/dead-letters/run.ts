import type { CommandSettings } from '../../config/command-settings.ts';
import { createCredential } from '../../platform/credential.ts';
import type { MessageSource } from '../../platform/messaging.ts';
import { type Queues, readQueues } from '../../platform/service-bus/queues.ts';
import { type FoundServiceBus, findServiceBus } from '../find-service-bus.ts';
import type { Terminal } from '../terminal.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import { readArguments } from './arguments.ts';
import type { Selection } from './browse.ts';
import { openBus } from './bus.ts';
import { change } from './change.ts';
import { groups } from './groups.ts';
import { list } from './list.ts';
import { openWork, type WorkWorld } from './open-work.ts';
import { show } from './show.ts';

export interface World extends WorkWorld {
  terminal: Terminal;
  settings: CommandSettings;
  queues?: Queues;
  /** How long to go on without meeting a message that is meant. */
  patienceMs?: number;
  /** How long to try when Service Bus does not answer. */
  answerTimeoutMs?: number;
  /** Called by a replay or purge, which ends early when the signal aborts. */
  interruption?(): AbortSignal;
}

/** Runs the command and answers its exit code. Throws `UsageError`, and `ConfigError` for what the environment says. */
export async function runDeadLetters(argv: readonly string[], world: World): Promise<number> {
  const { terminal, settings, queues = readQueues(), patienceMs, answerTimeoutMs = 15_000 } = world;
  const given = readArguments(argv);
  const { action, filter, parked } = given;
  const found = await findServiceBus({ settings, run: given.run, namespace: given.namespace });
  const reached = { ...(await reach(found, settings)), answerTimeoutMs };
  const sources = sourcesOf(given.source, queues);

  if (action === 'replay' || action === 'purge') {
    const work = await openWork({ action, given, found, queues, world });
    const bus = openBus({ ...reached, send: work.send });
    const selection: Selection = { bus, sources, filter, parked };
    try {
      const { replayId, createWorker } = work;
      return await work.run(() =>
        change({
          selection,
          terminal,
          given,
          replayId,
          createWorker: createWorker(bus),
          patienceMs,
          signal: given.yes ? world.interruption?.() : undefined,
        }),
      );
    } finally {
      terminal.count('');
      await bus.close();
      await work.close();
    }
  }

  const bus = openBus({ ...reached, send: [] });
  const selection: Selection = { bus, sources, filter, parked };
  try {
    if (action === 'show') return await show(selection, terminal, given);
    await (action === 'list' ? list : groups)(selection, terminal, given);
    return exitCodes.done;
  } finally {
    terminal.count('');
    await bus.close();
  }
}

async function reach({ connection }: FoundServiceBus, { azureClientId }: CommandSettings) {
  const credential = connection.kind === 'namespace' ? await createCredential(azureClientId) : undefined;
  return { connection, credential };
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
