import { property } from '../../src/observability/modules/dead-letters/properties.ts';
import { textIn } from '../../src/platform/message-properties.ts';
import { CommandRefused } from '../command-refused.ts';
import { row, type Terminal } from '../terminal.ts';
import type { DeadLetter } from './dead-letter.ts';
import { type Selection, select } from './selection.ts';

/**
 * Prints the history and the facts of one dead letter, from the message alone, without telemetry. Never prints the
 * content or the properties of the business, which may hold personal data. Throws `CommandRefused` when no dead letter
 * matches.
 */
export async function show(selection: Selection, terminal: Terminal, { json }: { json: boolean }): Promise<void> {
  const { queues, filter } = selection;
  let shown = 0;
  for await (const dead of select(selection)) {
    shown += 1;
    const story = storyOf(dead);
    for (const line of json ? [JSON.stringify(story)] : linesOf(story)) await terminal.print(line);
  }
  if (shown > 0) return;
  const where = queues.map(({ source }) => source.name).join(', ');
  throw new CommandRefused(`No dead letter of ${where} has the id "${filter.id}": "list --parked" shows the ids.`);
}

function storyOf({ facts, source, message, history }: DeadLetter) {
  const { applicationProperties: properties, enqueuedTimeUtc, messageId } = message;
  const text = (name: string) => textIn(properties, name) ?? null;
  return {
    ...facts,
    /** The message's own id, which differs from the original id on a copy. */
    messageId: String(messageId ?? ''),
    source: source.name,
    firstEnqueuedAt: text(property.firstEnqueuedAt) ?? enqueuedTimeUtc?.toISOString() ?? null,
    serviceVersion: text(property.serviceVersion),
    replayId: text(property.replayId),
    replayActor: text(property.replayActor),
    history,
  };
}

const widths = [24, 7, 22, 22] as const;

function linesOf(story: ReturnType<typeof storyOf>): string[] {
  const { id, messageId, history, reason, parked, replays, replayId, replayActor } = story;
  const lastReplay = replayId === null ? '' : `, the last as ${replayId} by ${replayActor ?? 'an unknown actor'}`;
  const facts: [string, string | number | null][] = [
    ['message', id === messageId ? id : `${id} (this copy: ${messageId})`],
    ['lies in', `${story.source}, sequence number ${story.sequence}`],
    ['queued', story.firstEnqueuedAt],
    ['first failed', story.firstFailure],
    ['dead-lettered', story.deadLetteredAt],
    ['reason', reason],
    ['error', story.description],
    ['fingerprint', story.fingerprint],
    ['attempts', story.attempts],
    ['replays', `${replays}${lastReplay}${parked ? '; parked' : ''}`],
    ['version', story.serviceVersion],
    ['correlation', story.correlationId],
    ['trace', story.traceId],
  ];
  const known = facts.filter(([, value]) => value !== null && value !== '');
  const lines = known.map(([name, value]) => row([14], [name, String(value)]));
  if (history.length === 0) return [...lines, '', 'No history: no attempt of it was made at level 2.', ''];
  const entries = history.map(({ time, attempt, outcome, reason: why, host, times }) =>
    row(widths, [time, attempt, times === undefined ? outcome : `${outcome} (${times} times)`, why, host]),
  );
  return [...lines, '', row(widths, ['TIME', 'ATTEMPT', 'OUTCOME', 'REASON', 'HOST']), ...entries, ''];
}
