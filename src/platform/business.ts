import type { Router } from 'express';
import type { SettingRow } from '../config/settings.ts';
import type { HealthCheck } from './health.ts';
import type { Logger } from './log.ts';
import type { CallMiddleware, ReceivedMessage, Send, Settlement } from './messaging.ts';

export type BusinessSettings = Readonly<Record<string, string>>;

export interface RouteTools {
  send: Send;
  log: Logger;
  settings: BusinessSettings;
}

/**
 * What a handler gets besides the message. `attempt` counts from 1. A handler makes every outgoing call through
 * `call('<dependency>', run)`. `signal` aborts after `HANDLER_TIMEOUT_MS`, or when the service stops.
 */
export interface HandlerTools extends Omit<RouteTools, 'send'> {
  signal: AbortSignal;
  attempt: number;
  call: CallMiddleware;
}

export type Handler = (message: ReceivedMessage, tools: HandlerTools) => Promise<void>;

/** What a team writes: routes for callers and handlers for messages. It contains no telemetry code. */
export interface Business {
  name: string;
  /** Its own environment variables, each prefixed with its name in capitals (`ORDERS_…`). */
  settings?: Record<string, SettingRow>;
  /** The targets (queues and topics) that it sends to. They are opened at start, to find a missing entity or role. */
  sends?: readonly string[];
  routes?(router: Router, tools: RouteTools): void;
  /** The handlers by source: the key is a queue, or `topic/subscription`. */
  handlers?: Record<string, Handler>;
  /** Called when the broker has confirmed a settlement. An abandon after the last delivery comes as `dead-letter`. */
  settled?(message: ReceivedMessage, settlement: Settlement): void;
  checks?: readonly HealthCheck[];
  /** Called at start. Throws a sentence that says what to do when the business's own files or settings are wrong. */
  prepare?(settings: BusinessSettings): Promise<void>;
}
