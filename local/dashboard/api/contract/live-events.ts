import type { StartedDrill } from './drill-answers.ts';
import type { DeadLetterChange } from './queue-answers.ts';
import type { ServiceState } from './run-answers.ts';

/**
 * Live: `GET live?topics=run,rows,queues,sent,replays,alerts,drills` is an event stream. Each event is named after its topic, at most four a
 * second; after a gap the page asks again for what it shows. An event comes at once for every topic that was asked for.
 */
export interface LiveEvents {
  run: { level: number; state: ServiceState };
  /** How many rows came since the start, and what changed. */
  rows: { received: number; transactions: number; logs: number };
  queues: { active: number; scheduled: number; deadLettered: number };
  sent: { counts: Record<string, number> };
  /** How many alerts have fired and are not resolved, and when a rule was checked last. */
  alerts: { fired: number; checkedAt: string };
  drills: Pick<StartedDrill, 'id' | 'drill' | 'state' | 'seconds'>[];
  replays: { id: string; state: DeadLetterChange['state']; done: number; matched: number }[];
}

export type LiveTopic = keyof LiveEvents;
