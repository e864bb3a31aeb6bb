import { type Context, context } from '@opentelemetry/api';
import { defineEvents } from '../../src/observability/events.ts';
import { readEnvelope } from '../../src/observability/modules/correlation/envelope.ts';
import { readCorrelationId, withStory } from '../../src/observability/modules/correlation/story.ts';
import { hidden } from '../../src/observability/modules/structured-logs/redact-text.ts';
import type { Logger } from '../../src/platform/log.ts';
import type { ReceivedMessage } from '../../src/platform/messaging.ts';
import type { Terminal } from '../terminal.ts';
import type { Change } from './arguments.ts';
import type { DeadLetter } from './dead-letter.ts';

/** The person or team that changes dead letters in one run of the command. */
export interface Actor {
  name: string;
  /** The object id in the token with which the command works; `local` on this machine, where there is none. */
  id: string;
  /** The id of the run; undefined for a purge. */
  replayId: string | undefined;
}

/** Records a change of a dead letter. Call it before the message leaves the dead-letter queue. */
export type Audit = (dead: DeadLetter) => void;

interface AuditOptions {
  change: Change;
  actor: Actor;
  terminal: Pick<Terminal, 'tell'>;
  log: Logger;
}

const address = /\S+@\S+/g;
const text = 'string';
const fields = {
  messageId: text,
  sequenceNumber: text,
  source: text,
  reason: text,
  actor: text,
  actorId: text,
  replayId: text,
} as const;

/** The events that are recorded from level 3 on, beside those of the module `custom-events`. */
const events = defineEvents('message', {
  replayed: { when: '`npm run dead-letters` is about to send a dead letter back to work', fields },
  purged: { when: '`npm run dead-letters` is about to delete a dead letter', fields },
});

/**
 * Writes one JSON line to standard error, also when telemetry fails, and a log line and an event to telemetry, in the
 * message's own story. Telemetry has more readers than the terminal, so e-mail addresses are replaced there.
 */
export function createAudit({ change, actor: { name, id: actorId, replayId }, terminal, log }: AuditOptions): Audit {
  return ({ facts, source, message }) => {
    const { id, sequence, reason, correlationId } = facts;
    const what = { time: new Date().toISOString(), audit: change, actor: name, source: source.name };
    terminal.tell(JSON.stringify({ ...what, id, sequence, reason, correlationId, ...(replayId && { replayId }) }));

    const event = {
      messageId: id,
      sequenceNumber: String(sequence),
      source: source.name,
      reason: reason ?? '',
      actor: name.replaceAll(address, hidden),
      actorId,
      replayId: replayId ?? '',
    };
    context.with(storyOf(message), () => {
      log.info('dead letter changed', { action: change, ...event });
      (change === 'purge' ? events.purged : events.replayed)(event);
    });
  };
}

/** The context of the message's story. A correlation id that is not valid is left out. */
function storyOf(message: ReceivedMessage): Context {
  const sender = readEnvelope(message);
  const correlationId = readCorrelationId(message.correlationId);
  return correlationId === undefined
    ? sender
    : withStory(sender, { correlationId, messageId: String(message.messageId) });
}
