import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { createCredential } from '../../src/platform/credential.ts';
import type { MessageSource } from '../../src/platform/messaging.ts';
import { type Queues, readQueues } from '../../src/platform/service-bus/queues.ts';
import { CommandRefused, exitCodes } from '../command-refused.ts';
import type { CommandSettings } from '../command-settings.ts';
import { type StartTelemetry, startTelemetry, withoutTelemetry } from '../command-telemetry.ts';
import { findServiceBus } from '../find-service-bus.ts';
import type { Terminal } from '../terminal.ts';
import { readArguments } from './arguments.ts';
import { changeDeadLetters } from './change.ts';
import { openDeadLetterQueues } from './dead-letter-queue.ts';
import { groups } from './groups.ts';
import { list } from './list.ts';
import { objectIdOf } from './object-id.ts';
import { show } from './show.ts';

interface CommandOptions {
  terminal: Terminal;
  settings: CommandSettings;
  queues?: Queues;
  telemetry?: StartTelemetry;
  /** Milliseconds after which a change ends when it receives no planned message. */
  patienceMs?: number;
  /** Milliseconds to retry while Service Bus does not answer. */
  answerTimeoutMs?: number;
  /** Called by a replay or purge. It ends early when the returned signal aborts. */
  interruption?(): AbortSignal;
}

/** Runs the command and returns its exit code. Throws `CommandRefused`. */
export async function runDeadLetters(argv: readonly string[], options: CommandOptions): Promise<number> {
  const { terminal, settings, queues = readQueues(), answerTimeoutMs: timeoutMs = 15_000, patienceMs } = options;
  const given = readArguments(argv);
  const { action, filter, yes } = given;
  const { connection, run } = await findServiceBus({ settings, run: given.run, namespace: given.namespace });
  const sources = sourcesOf(given.source, queues);
  const credential = connection.kind === 'namespace' ? await createCredential(settings.azureClientId) : undefined;
  const { tell } = terminal;
  const start = yes ? (options.telemetry ?? startTelemetry) : async () => withoutTelemetry(tell);
  const telemetry = await start({ name: 'dead-letters', run, credential, tell });
  const opened = openDeadLetterQueues({ connection, credential, sources, send: telemetry.send, timeoutMs });
  const selection = { queues: opened.queues, filter, leftOut: 0 };
  try {
    if (action === 'replay' || action === 'purge') {
      const replayId = action === 'replay' ? randomUUID() : undefined;
      const actor = { name: given.actor ?? userName(), id: yes ? await objectIdOf(credential) : 'none', replayId };
      const signal = yes ? options.interruption?.() : undefined;
      const change = { change: action, selection, terminal, given, actor, telemetry, patienceMs, signal };
      return await inSpan(`dead-letters ${action}`, () => changeDeadLetters(change));
    }
    await { list, groups, show }[action](selection, terminal, given);
    return exitCodes.done;
  } finally {
    terminal.count('');
    await opened.close();
    await telemetry.stop();
  }
}

/** Runs the command in a span. The span of each replayed copy is linked to it. */
function inSpan<T>(name: string, run: () => Promise<T>): Promise<T> {
  return trace.getTracer('messages').startActiveSpan(name, (span) =>
    run()
      .catch((error: unknown) => {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      })
      .finally(() => span.end()),
  );
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // the user of a container may have no entry in the system's list of users
  }
}

function sourcesOf(name: string | undefined, { sources }: Queues): readonly MessageSource[] {
  if (name === undefined) return [...sources.values()];
  const source = sources.get(name);
  if (source) return [source];
  throw new CommandRefused(`infra/queues.json has no "${name}": name one of ${[...sources.keys()].join(', ')}.`);
}
