import type { Router } from 'express';
import type { SettingRow } from '../config/settings.ts';
import type { HealthCheck } from './health.ts';
import type { Every } from './jobs.ts';
import type { Logger } from './log.ts';
import type { CallMiddleware, ReceivedMessage, Send, Settlement } from './messaging.ts';

export type BusinessSettings = Readonly<Record<string, string>>;

export interface Tools {
  /**
   * Sends a message to one of the targets in `sends`. In a handler, a message without `messageId` gets one that a retry
   * of the handler repeats, so that duplicate detection drops what the first try has sent already.
   */
  send: Send;
  log: Logger;
  settings: BusinessSettings;
}

/**
 * What a handler gets besides the message. `attempt` counts from 1. A handler makes every outgoing call through
 * `call('<dependency>', run)`. `signal` aborts after `HANDLER_TIMEOUT_MS`, or when the service stops.
 */
export interface HandlerTools extends Tools {
  signal: AbortSignal;
  attempt: number;
  call: CallMiddleware;
}

export type Handler = (message: ReceivedMessage, tools: HandlerTools) => Promise<void>;

/** What a team writes: routes for callers, handlers for messages, timers. It contains no telemetry code. */
export interface Business {
  name: string;
  /** Its own environment variables, each prefixed with its name in capitals (`ORDERS_…`). */
  settings?: Record<string, SettingRow>;
  /** The targets (queues and topics) that it sends to. They are opened at start, to find a missing entity or role. */
  sends?: readonly string[];
  /**
   * Called once, before the service listens and receives: for connections, jobs and files of the business. Throws a
   * sentence that says what to do when they cannot be used. `every` runs a job again and again, the first time after that
   * many seconds, in each replica. `signal` aborts when no request and no handler runs any more; until then sending works.
   */
  start?(tools: Tools & { every: Every }, signal: AbortSignal): Promise<void> | void;
  /** A route reads its body with a parser of its own: `jsonBody(schema)` or one of Express. */
  routes?(router: Router, tools: Tools): void;
  /** The handlers by source: the key is a queue, or `topic/subscription`. */
  handlers?: Record<string, Handler>;
  /** Called when the broker has confirmed a settlement. An abandon after the last delivery comes as `dead-letter`. */
  settled?(message: ReceivedMessage, settlement: Settlement): void;
  checks?: readonly HealthCheck[];
}
