import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { z } from 'zod';
import type { DashboardParts } from '../dashboard-parts.ts';
import { Refused } from './api-problem.ts';
import type { ApiReply, ApiRoutes } from './api-router.ts';
import { linesOf, refusalOf } from './command-process.ts';
import type { DeadLetterChange } from './contract.ts';
import { findQueue } from './messages.ts';
import type { Operator } from './operator-command.ts';
import { readBodyAs } from './read-body.ts';

const filter = z.strictObject({
  id: z.string().min(1).optional(),
  reason: z.string().min(1).optional(),
  fingerprint: z.string().min(1).optional(),
  parked: z.boolean().optional(),
});
const shared = { filter, dryRun: z.boolean(), max: z.int().min(1).optional(), before: z.iso.datetime().optional() };
const replayBody = z.strictObject({ ...shared, perSecond: z.int().min(1).optional() });
const purgeBody = z.strictObject({ ...shared, confirm: z.int().min(0).optional() });

/** Changes that are remembered. */
const KEPT = 50;

/** What `npm run dead-letters -- replay|purge --json` writes. */
interface Written {
  matched: number;
  replayed?: number;
  purged?: number;
  failed: number;
  missed: number;
  parked: number;
  replayId?: string;
}
type Asked = z.output<typeof replayBody> & z.output<typeof purgeBody>;
type Change = { -readonly [Key in keyof DeadLetterChange]: DeadLetterChange[Key] };

export interface DeadLetterChanges {
  routes: ApiRoutes;
  /** Newest first. */
  recent(): DeadLetterChange[];
}

/**
 * Replays and purges dead letters by the command that does it in Azure too, as a process of its own; a dry run first, and a time
 * before which a message must have been given up, so that what comes meanwhile is left alone.
 */
export function createDeadLetterChanges(
  parts: Pick<DashboardParts, 'serviceBus' | 'service' | 'switches' | 'now'>,
  operator: Operator,
): DeadLetterChanges {
  const changes = new Map<string, { change: Change; stop: () => void; progress: () => number }>();

  const argumentsFor = (change: Change, asked: Asked, dryRun: boolean): string[] => {
    const run = parts.service.runFile();
    const given = Object.entries({
      '--source': change.queue,
      '--id': asked.filter.id,
      '--reason': asked.filter.reason,
      '--fingerprint': asked.filter.fingerprint,
      '--until': change.before,
      '--max': asked.max,
      '--rate': asked.perSecond,
      '--run': run,
      '--actor': dryRun ? undefined : userName(),
    }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
    const flags = [...(asked.filter.parked ? ['--parked'] : []), ...(dryRun ? [] : ['--yes'])];
    return [change.change, '--json', ...given, ...flags];
  };
  const dryRun = async (change: Change, asked: Asked): Promise<void> => {
    const result = await operator.start('dead-letters', argumentsFor(change, asked, true)).ended;
    take(change, linesOf<Written>(result)[0]);
    const warning = warningOf(parts);
    if (warning !== undefined) change.warning = warning;
  };
  const begin = (change: Change, asked: Asked): void => {
    const dead = findQueue(parts, change.queue).deadLetters;
    const before = dead?.traffic.completed ?? 0;
    const command = operator.start('dead-letters', argumentsFor(change, asked, false));
    let isStopped = false;
    change.state = 'working';
    const stop = () => {
      isStopped = true;
      command.stop();
    };
    const progress = () => (dead?.traffic.completed ?? 0) - before;
    changes.set(change.id, { change, stop, progress });
    for (const oldest of changes.keys()) {
      if (changes.size <= KEPT) break;
      changes.delete(oldest);
    }
    command.ended
      .then((result) => {
        take(change, linesOf<Written>(result)[0]);
        change.state = isStopped ? 'stopped' : 'done';
      })
      .catch((error: Error) => Object.assign(change, { state: 'failed', error: error.message }));
  };
  const answer = async (name: DeadLetterChange['change'], queue: string, asked: Asked): Promise<ApiReply> => {
    findQueue(parts, queue);
    const before = asked.before ?? parts.now().toISOString();
    const counts = { matched: 0, done: 0, failed: 0, missed: 0, parked: 0 };
    const change: Change = {
      id: randomUUID(),
      change: name,
      queue,
      state: 'planned',
      dryRun: asked.dryRun,
      before,
      ...counts,
    };
    await dryRun(change, asked);
    if (asked.dryRun) return { data: change };
    if (name === 'purge' && asked.confirm !== change.matched) throw notConfirmed(change.matched);
    begin(change, asked);
    return { status: 202, data: current(change.id) };
  };
  const find = (id = '') => {
    const found = changes.get(id);
    if (found) return found;
    const remedy = 'Look at the queue: what it holds now is what counts.';
    throw new Refused(404, { title: 'Nothing is known of it', detail: `There is no replay ${id}.`, remedy });
  };
  const current = (id: string): DeadLetterChange => {
    const { change, progress } = find(id);
    return change.state === 'working' ? { ...change, done: Math.min(change.matched, progress()) } : { ...change };
  };

  return {
    routes: {
      'POST queues/:name/replays': ({ params, body }) =>
        answer('replay', params.name ?? '', readBodyAs(replayBody, body)),
      'POST queues/:name/purges': ({ params, body }) => answer('purge', params.name ?? '', readBodyAs(purgeBody, body)),
      'GET replays/:id': ({ params }) => ({ data: current(params.id ?? '') }),
      'DELETE replays/:id': ({ params }) => {
        find(params.id).stop();
        return { status: 202, data: current(params.id ?? '') };
      },
    },
    recent: () => [...changes.keys()].reverse().map(current),
  };
}

function take(change: Change, written: Written | undefined): void {
  if (written === undefined) throw refusalOf('The command wrote nothing.');
  const { matched, failed, missed, parked, replayed, purged, replayId } = written;
  Object.assign(change, { matched, failed, missed, parked, done: replayed ?? purged ?? 0 });
  if (replayId !== undefined) change.replayId = replayId;
}

const notConfirmed = (matched: number) =>
  new Refused(409, {
    title: 'The number does not match',
    detail: `${matched} would be deleted for good now.`,
    remedy: 'Look at them again, and type that number.',
  });

/** What is sent back to a destination that is still down only fails again. */
function warningOf({ switches: { destination } }: Pick<DashboardParts, 'switches'>): string | undefined {
  if (typeof destination === 'string') return undefined;
  const { destinations = {} } = destination.faults.state() as { destinations?: Record<string, { mode: string }> };
  const ill = Object.entries(destinations).filter(([, { mode }]) => mode !== 'ok' && mode !== 'slow');
  if (ill.length === 0) return undefined;
  const names = ill.map(([name, { mode }]) => `${name} (${mode})`).join(', ');
  return `Not well: ${names}. What goes there will fail again.`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'the page'; // the user of a container may have no entry in the system's list of users
  }
}
