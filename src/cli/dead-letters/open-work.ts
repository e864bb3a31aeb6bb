import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { trace } from '@opentelemetry/api';
import { ConfigError } from '../../config/faults.ts';
import { failSpan } from '../../observability/modules/correlation/outcome.ts';
import type { Business } from '../../platform/business.ts';
import type { SendMiddleware } from '../../platform/messaging.ts';
import type { Queues } from '../../platform/service-bus/queues.ts';
import type { StartCommandModules } from '../command-modules.ts';
import type { FoundServiceBus } from '../find-service-bus.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { Arguments } from './arguments.ts';
import { type Actor, createAudit } from './audit.ts';
import type { Bus } from './bus.ts';
import { createInPlaceReplay, type Handlers } from './in-place.ts';
import type { Plan } from './plan.ts';
import { createPurge } from './purge.ts';
import { createReplay } from './replay.ts';
import type { Worker } from './work-off.ts';

export interface WorkWorld {
  terminal: Terminal;
  /** Loaded for a replay in place alone. */
  loadBusinesses?(): Promise<readonly Business[]>;
  startModules?: StartCommandModules;
}

interface OpenOptions {
  action: 'replay' | 'purge';
  given: Pick<Arguments, 'actor' | 'yes' | 'inPlace' | 'perSecond'>;
  found: Pick<FoundServiceBus, 'run'>;
  queues: Queues;
  world: WorkWorld;
}

/** What a replay or purge works with. */
export interface Work {
  replayId: string | undefined;
  /** What the messages that are sent back pass through. */
  send: readonly SendMiddleware[];
  createWorker(bus: Bus): (plan: Plan) => Worker;
  /** In one span: every message that is sent back is linked to it. */
  run<T>(change: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Throws `ConfigError` when messages are to be handled in place and the service could not start here. */
export async function openWork({ action, given, found, queues, world }: OpenOptions): Promise<Work> {
  const { terminal, loadBusinesses } = world;
  const { perSecond, inPlace, yes } = given;
  const replayId = action === 'replay' ? randomUUID() : undefined;
  const actor: Actor = { name: given.actor ?? userName(), replayId };
  const modules = await openModules({ yes, found, world });
  const { log, around, send } = modules;
  const common = { actor, perSecond, tell: terminal.tell, audit: createAudit({ terminal, log, actor }) };
  // After the modules, which observe what a business imports.
  const handlers = inPlace ? await loadHandlers((await loadBusinesses?.()) ?? [], queues) : undefined;

  return {
    replayId,
    send,
    createWorker: (bus) => {
      return ({ source }) => {
        if (action === 'purge') return createPurge({ ...common, bus, source });
        if (!handlers) return createReplay({ ...common, bus, source });
        const assignment = handlers.of(source);
        if (assignment) return createInPlaceReplay({ ...common, bus, source, assignment, handlers, around, log });
        throw new UsageError(`No business handles "${source.name}": leave --in-place out, or name another --source.`);
      };
    },
    run: (change) =>
      trace.getTracer('messages').startActiveSpan(`dead-letters ${action}`, async (span) => {
        try {
          return await change();
        } catch (error) {
          failSpan(span, error);
          throw error;
        } finally {
          span.end();
        }
      }),
    close: modules.stop,
  };
}

async function loadHandlers(businesses: readonly Business[], queues: Queues): Promise<Handlers> {
  const { loadHandlers: load } = await import('./service-handlers.ts');
  return load({ businesses, queues });
}

/** A repair must not wait for a repaired `observability.json`; without modules the audit lines are what there is. */
async function openModules({ yes, found, world }: Pick<OpenOptions, 'found' | 'world'> & { yes: boolean }) {
  const { tell } = world.terminal;
  const { startCommandModules, withoutModules } = await import('../command-modules.ts');
  const start = world.startModules ?? startCommandModules;
  if (!yes) return withoutModules(tell);
  try {
    return await start({ name: 'dead-letters', run: found.run, tell });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    tell(`Telemetry hears nothing of this, because the configuration has faults.\n${error.message}`);
    return withoutModules(tell);
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // a container whose user has no entry
  }
}
