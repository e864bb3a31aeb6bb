import type { OutcomeKind, SentItem, StoryStep, Transaction } from './contract.ts';

/** Rows come a few seconds after what they tell of; of what was sampled out they never come. */
const AWAITED_MS = 60_000;

const outcomes: Readonly<Record<SentItem['state'], OutcomeKind>> = {
  sending: 'waiting',
  accepted: 'waiting',
  delivered: 'delivered',
  'dead-lettered': 'dead-lettered',
  refused: 'rejected',
  failed: 'failed',
};

/**
 * What is known of a request that the page has sent, while its rows are on their way: its answer, and what the destination's ledger and
 * the dead-letter queue say. Undefined for one whose rows would have come long ago.
 */
export function awaitedTransaction(
  item: SentItem,
  { level, now, query }: { level: number; now: Date; query: string },
): Transaction | undefined {
  const totalMs = now.getTime() - Date.parse(item.at);
  if (totalMs > AWAITED_MS) return undefined;
  const { operationId = '', messageId, destination } = item;
  return {
    facts: {
      operationId,
      operationIds: [operationId],
      name: item.name,
      ...(messageId !== undefined && { messageId }),
      outcome: {
        kind: outcomes[item.state],
        ...(destination !== undefined && { destination }),
        ...(item.status !== undefined && { code: String(item.status) }),
      },
      started: item.at,
      ...{ totalMs, workingMs: 0, waitingMs: 0, deadLetteredMs: null, attempts: 0, replays: 0, level },
    },
    story: storyOf(item, now),
    items: [],
    query,
  };
}

function storyOf({ state, status, at, destination }: SentItem, now: Date): StoryStep[] {
  const isAccepted = state === 'accepted' || state === 'delivered' || state === 'dead-lettered';
  const label = isAccepted ? 'Accepted' : state === 'refused' ? 'Rejected' : state === 'failed' ? 'Failed' : 'Sent';
  const detail = status === undefined ? '' : String(status);
  const ok = isAccepted || state === 'sending';
  const time = now.toISOString();
  const kind = isAccepted ? 'accepted' : 'answered';
  return [
    { kind, label, detail, ok, time: at },
    ...(state === 'delivered'
      ? [{ kind: 'delivered' as const, label: `Delivered to ${destination}`, detail: '', ok: true, time }]
      : []),
    ...(state === 'dead-lettered'
      ? [{ kind: 'dead-lettered' as const, label: 'Dead-lettered', detail: '', ok: false, time }]
      : []),
    { kind: 'waiting', label: 'On its way', detail: 'its rows come within about 5 s', ok: true, time },
  ];
}
