import type { TimeSeries } from './api-answer.ts';

export type ConsumerState = 'receiving' | 'paused' | 'stalled' | 'none';

export interface QueueFacts {
  /** `files`, or `topic/subscription`: encoded as one part of an address. */
  name: string;
  consumer: { state: ConsumerState; count: number; text: string };
  active: number;
  scheduled: number;
  /** Locked by a receiver; these count as active too. */
  inFlight: number;
  oldestMs: number | null;
  inPerMinute: number;
  outPerMinute: number;
  deadLettered: number;
  /** `active`, `deadLettered` */
  series: TimeSeries;
}

/** `GET queues?range`. Empty where `infra/queues.json` names none: `none` says so. */
export interface QueueList {
  queues: QueueFacts[];
  none?: string;
}

export type MessageState = 'active' | 'scheduled' | 'dead';

export interface MessageRow {
  sequence: string;
  messageId: string;
  file?: string;
  state: MessageState;
  enqueued: string;
  /** When it is due. */
  dueAt?: string;
  locked: boolean;
  deliveryCount: number;
  attempt: number;
  bytes: number;
  correlationId?: string;
  operationId?: string;
  /** Of dead letters. */
  reason?: string;
  description?: string;
  fingerprint?: string;
  deadLetteredAt?: string;
  replays?: number;
  parked?: boolean;
}

/** `GET queues/:name/messages?state&q&cursor` */
export interface MessageList {
  rows: MessageRow[];
  total: number;
}

/** `GET queues/:name/messages/:sequence?state` */
export interface MessageFacts extends MessageRow {
  contentType?: string;
  properties: Record<string, unknown>;
  body: { base64: string; text?: string; json?: boolean };
  /** From the message alone. */
  history: { time: string; attempt: number; outcome: string; reason: string; times?: number }[];
}

/** `GET queues/:name/groups`: dead letters by reason and error. */
export interface DeadLetterGroups {
  groups: DeadLetterGroupRow[];
  parked: number;
}

export interface DeadLetterGroupRow {
  reason: string | null;
  fingerprint: string | null;
  /** What the newest of them says, numbers as `<n>`. */
  error: string;
  count: number;
  parked: number;
  first: string | null;
  last: string | null;
  attempts: number;
  /** A message id, for the story of one. */
  example: string;
}

export interface DeadLetterFilter {
  id?: string;
  reason?: string;
  fingerprint?: string;
  /** Also those that were replayed as often as `retry.maxReplays` says. */
  parked?: boolean;
}

/** `POST queues/:name/replays`. A dry run is answered 200, a replay 202: follow `GET replays/:id`. */
export interface ReplayBody {
  filter: DeadLetterFilter;
  dryRun: boolean;
  max?: number;
  perSecond?: number;
  /** Only what was dead-lettered before; now when it is left out. */
  before?: string;
}

/** `POST queues/:name/purges`, answered as a replay is. */
export interface PurgeBody {
  filter: DeadLetterFilter;
  dryRun: boolean;
  max?: number;
  before?: string;
  /** What the dry run counted; another number than now is refused with 409. Not needed for a dry run. */
  confirm?: number;
}

/** What `npm run dead-letters` says, and while it works, how far it is. `GET` and `DELETE replays/:id`, for purges too. */
export interface DeadLetterChange {
  id: string;
  change: 'replay' | 'purge';
  queue: string;
  state: 'planned' | 'working' | 'done' | 'failed' | 'stopped';
  dryRun: boolean;
  /** Those that would go, or were to go. */
  matched: number;
  done: number;
  failed: number;
  missed: number;
  /** Left out, because they are parked. */
  parked: number;
  before: string;
  replayId?: string;
  /** What the command told, when it failed. */
  error?: string;
  /** What speaks against it now: a destination that is still down. */
  warning?: string;
}
