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

/** `attempt` counts from 1. Every outgoing call goes through `call('<dependency>', run)`. `signal` aborts at the deadline. */
export interface HandlerTools {
  log: Logger;
  signal: AbortSignal;
  attempt: number;
  call: CallMiddleware;
  settings: BusinessSettings;
}

export type Handler = (message: ReceivedMessage, tools: HandlerTools) => Promise<void>;

/** What a team owns: routes for callers, handlers for messages, and nothing about telemetry. */
export interface Business {
  name: string;
  /** Its own environment variables, each prefixed with its name in capitals (`FILE_ROUTER_…`). */
  settings?: Record<string, SettingRow>;
  /** The queues and topics that it sends to: opened at start, so that a missing one or a missing role is found then. */
  sends?: readonly string[];
  routes?(router: Router, tools: RouteTools): void;
  /** Key: a queue, or `topic/subscription`. */
  handlers?: Record<string, Handler>;
  /** Called when the broker has confirmed; an abandon that used up the last delivery is reported as a dead letter. */
  settled?(message: ReceivedMessage, settlement: Settlement): void;
  checks?: readonly HealthCheck[];
  /** Throws at start, with a sentence that says what to do, when its own files or settings cannot work. */
  prepare?(settings: BusinessSettings): Promise<void>;
}
