import { failureTable, otherReasons } from '../../observability/modules/dead-letters/failure-table.ts';
import { property, textIn } from '../../platform/message-properties.ts';
import type { ReceivedMessage } from '../../platform/messaging.ts';
import { printable, type Terminal } from '../terminal.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import { browse, type Selection } from './browse.ts';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';
import { matches } from './filter.ts';

const meanings = new Map<string, string>([
  ...failureTable.map(({ reason, meaning }) => [reason, meaning] as const),
  ...Object.entries(otherReasons),
]);

/**
 * The whole story of one file, from what its messages carry: no telemetry is asked. Never shows content, nor properties
 * of the business, which hold personal data. Throws `UsageError` when there is no such dead letter.
 */
export async function show(
  { bus, sources, filter }: Selection,
  terminal: Terminal,
  { json, id }: { json: boolean; id: string },
): Promise<number> {
  let shown = 0;
  for (const source of sources) {
    for await (const message of browse(bus, source)) {
      const dead = readDeadLetter(source, message);
      if (!matches({ ...filter, id }, dead)) continue;
      shown += 1;
      const story = storyOf(dead, message);
      await terminal.print(json ? JSON.stringify(story) : textOf(story));
    }
  }
  if (shown > 0) return exitCodes.done;
  const where = sources.map(({ name }) => name).join(', ');
  throw new UsageError(`No dead letter of ${where} has the id "${printable(id)}": "list --parked" shows the ids.`);
}

function storyOf({ facts, source, fileId, history }: DeadLetter, message: ReceivedMessage) {
  const { applicationProperties: properties, enqueuedTimeUtc } = message;
  const text = (name: string) => textIn(properties, name) ?? null;
  return {
    ...facts,
    fileId,
    source: source.name,
    meaning: meanings.get(facts.reason ?? '') ?? null,
    firstEnqueuedAt: text(property.firstEnqueuedAt) ?? enqueuedTimeUtc?.toISOString() ?? null,
    serviceVersion: text(property.serviceVersion),
    replayId: text(property.replayId),
    replayActor: text(property.replayActor),
    history,
  };
}

function textOf(story: ReturnType<typeof storyOf>): string {
  const { history, reason, meaning, parked, replays, replayId, replayActor } = story;
  const lastReplay = replayId === null ? '' : `, the last as ${replayId} by ${replayActor ?? 'somebody'}`;
  const facts: [string, string | number | null][] = [
    ['message', `${story.id}${story.id === story.fileId ? '' : ` (of ${story.fileId})`}`],
    ['lies in', `${story.source}, sequence number ${story.sequence}`],
    ['first queued', story.firstEnqueuedAt],
    ['first failed', story.firstFailure],
    ['dead-lettered', story.deadLetteredAt],
    ['reason', meaning === null ? reason : `${reason}: ${meaning}`],
    ['error', story.description],
    ['fingerprint', story.fingerprint],
    ['attempts', story.attempts],
    ['replays', `${replays}${lastReplay}${parked ? '; parked' : ''}`],
    ['version', story.serviceVersion],
    ['correlation', story.correlationId],
    ['trace', story.traceId],
  ];
  const known = facts.filter(([, value]) => value !== null && value !== '');
  const lines = known.map(([name, value]) => `${name.padEnd(14)} ${printable(String(value))}`);
  const header = ['TIME', 'ATTEMPT', 'OUTCOME', 'REASON', 'HOST'];
  const entries = history.map(({ time, attempt, outcome, reason: why, host, times }) => [
    time,
    String(attempt),
    times === undefined ? outcome : `${outcome} (${times} times)`,
    why,
    host,
  ]);
  if (entries.length === 0) return [...lines, '', 'No history: no attempt of it was made at level 2.', ''].join('\n');
  return [...lines, '', ...tableOf([header, ...entries]), ''].join('\n');
}

function tableOf(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map(printable));
  const widths = clean[0]?.map((_, column) => Math.max(...clean.map((row) => row[column]?.length ?? 0))) ?? [];
  return clean.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
