import { type Context, context } from '@opentelemetry/api';
import { readCorrelationId } from '../../observability/modules/correlation/correlation-id.ts';
import { readEnvelope } from '../../observability/modules/correlation/envelope.ts';
import { withStory } from '../../observability/modules/correlation/story.ts';
import { hidden } from '../../observability/modules/structured-logs/redact-text.ts';
import type { Logger } from '../../platform/log.ts';
import type { ReceivedMessage } from '../../platform/messaging.ts';
import type { Terminal } from '../terminal.ts';
import type { DeadLetter } from './dead-letter.ts';
import { events } from './events.ts';

/** Who does something to dead letters, in one run of a command. */
export interface Actor {
  name: string;
  replayId: string | undefined;
}

export type AuditedAction = 'replay' | 'replay-in-place' | 'purge' | 'park';

/** Says what is done to a message, before it leaves the dead letters. */
export type Audit = (action: AuditedAction, dead: DeadLetter, message: ReceivedMessage) => void;

interface AuditOptions {
  terminal: Pick<Terminal, 'tell'>;
  log: Logger;
  actor: Actor;
}

const address = /\S+@\S+/g;

/**
 * One JSON line on standard error, whatever becomes of telemetry; and, within the message's own story, a log line and an
 * event for the modules that take them. Telemetry is read by more people than the terminal: no e-mail address gets there.
 */
export function createAudit({ terminal, log, actor: { name, replayId } }: AuditOptions): Audit {
  return (action, { facts, source, fileId }, message) => {
    const { id, sequence, reason, correlationId } = facts;
    const what = { time: new Date().toISOString(), audit: action, actor: name, source: source.name };
    terminal.tell(JSON.stringify({ ...what, id, sequence, reason, correlationId, ...(replayId && { replayId }) }));

    const told = {
      messageId: id,
      fileId,
      source: source.name,
      reason: reason ?? '',
      actor: name.replaceAll(address, hidden),
    };
    const event = { ...told, replayId: replayId ?? '' };
    context.with(storyOf(message), () => {
      log.info('dead letter changed', { action, ...event });
      if (action === 'purge') events.purged(event);
      else if (action === 'park') events.parked(event);
      else events.replayed({ ...event, inPlace: action === 'replay-in-place' });
    });
  };
}

/** Of its sender; an id that is not fit to be repeated is left out. */
function storyOf(message: ReceivedMessage): Context {
  const sender = readEnvelope(message);
  const correlationId = readCorrelationId(message.correlationId);
  return correlationId === undefined
    ? sender
    : withStory(sender, { correlationId, messageId: String(message.messageId) });
}
