import type { StoryStep } from './contract.ts';
import { destinationOf } from './destination-of.ts';
import { inQueue, type StoryItem, waitId } from './transaction-items.ts';

interface TimedStep extends StoryStep {
  endMs: number;
}

/** `12 ms`, `2.03 s`, `6 m 12 s`. */
export function lengthText(ms: number): string {
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 1_000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 3_600
    ? `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`
    : `${Math.floor(seconds / 3_600)} h ${String(Math.floor((seconds % 3_600) / 60)).padStart(2, '0')} m`;
}

/** Shorter gaps are only the clock's grain. */
const SHORTEST_GAP_MS = 1;

/** What became of it, step by step: accepted, in the queue, each attempt, given up, replayed, delivered. */
export function storyOf(items: readonly StoryItem[]): StoryStep[] {
  const steps = items.flatMap((item): TimedStep[] => {
    if (item.kind === 'request' && item.settlement === undefined) return [answered(item, items)];
    if (item.settlement !== undefined) return [...queued(item, items), ...handled(item, items)];
    return item.isReplay ? [replayed(item, items)] : [];
  });
  const last = items.findLast(({ settlement }) => settlement !== undefined);
  const told: TimedStep[] = [
    ...steps,
    ...(last?.settlement === 'later' || last?.settlement === 'abandon' ? [waits(last)] : []),
  ];
  return told.map(({ endMs: _end, ...step }, at) => {
    const before = told[at - 1];
    const gapMs = before ? Date.parse(step.time) - before.endMs : 0;
    return { ...step, ...(gapMs >= SHORTEST_GAP_MS && { gapMs }) };
  });
}

const stepAt = (item: StoryItem) => ({
  time: item.start,
  ok: item.ok,
  ...(item.ms !== undefined && { ms: item.ms }),
  item: item.id,
  endMs: item.endMs,
});

const joined = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' · ');

/** A request whose message others handle is accepted; one that ends with its answer is answered. */
function answered(item: StoryItem, items: readonly StoryItem[]): TimedStep {
  const isAccepted = item.ok && items.some(({ place }) => place === 'service-bus');
  return {
    ...stepAt(item),
    kind: isAccepted ? 'accepted' : 'answered',
    label: isAccepted ? 'Accepted' : item.ok ? 'Answered' : Number(item.code) < 500 ? 'Rejected' : 'Failed',
    detail: joined(item.code, lengthText(item.ms ?? 0)),
  };
}

/** Between its sending and its first attempt, or that after a replay. The wait for another attempt is the gap before it. */
function queued(item: StoryItem, items: readonly StoryItem[]): TimedStep[] {
  if (item.givenBackMs !== undefined) return [];
  const wait = items.find(({ id }) => id === waitId(item));
  const send = items.find(({ id, kind }) => id === item.parent && kind === 'call');
  const isRetried = items.find(({ id }) => id === send?.parent)?.settlement === 'later';
  if (isRetried || (!wait && !send)) return [];
  const time = wait?.start ?? item.start;
  const detail = wait ? lengthText(wait.ms ?? 0) : 'taken at once';
  return [
    {
      ...{ kind: 'waiting', label: inQueue, detail, ok: true, time, endMs: item.startMs },
      ...(wait && { item: wait.id, ms: wait.ms ?? 0 }),
    },
  ];
}

function handled(item: StoryItem, items: readonly StoryItem[]): TimedStep[] {
  const call = items.findLast(
    ({ kind, place, parent }) => kind === 'call' && place === 'destination' && parent === item.id,
  );
  const length = lengthText(item.ms ?? 0);
  const failure = items.find(({ kind, parent }) => kind === 'exception' && parent === item.id);
  const why = call && (call.code ?? (call.ok ? '' : 'no answer'));
  const said = call?.ok === false || item.settlement === 'complete' ? why : String(failure?.row?.OuterType ?? '');
  if (item.settlement === 'later' && item.ok) {
    return [{ ...stepAt(item), kind: 'put-aside', label: 'Put aside', detail: joined('no answer expected', length) }];
  }
  const attempt: TimedStep = {
    ...stepAt(item),
    kind: 'attempt',
    label: `Attempt ${item.attempt ?? 1}`,
    detail: joined(said, length),
  };
  const endMs = item.settledMs ?? item.endMs;
  const end = { time: new Date(endMs).toISOString(), item: item.id, endMs };
  if (item.settlement === 'complete') {
    const destination = destinationOf(String(call?.row?.Data ?? ''));
    const label = destination === undefined ? 'Done' : `Delivered to ${destination}`;
    const began = Math.min(...items.map(({ startMs }) => startMs));
    return [attempt, { ...end, kind: 'delivered', label, detail: `after ${lengthText(endMs - began)}`, ok: true }];
  }
  if (item.settlement !== 'dead-letter') return [attempt];
  return [
    attempt,
    { ...end, kind: 'dead-lettered', label: 'Dead-lettered', detail: failure?.properties.reason ?? '', ok: false },
  ];
}

function replayed(item: StoryItem, items: readonly StoryItem[]): TimedStep {
  const told = items.findLast(
    ({ kind, properties, startMs }) =>
      kind === 'log' && properties.action === 'replay' && startMs <= item.endMs + 1_000,
  );
  const actor = told?.properties.actor;
  return { ...stepAt(item), kind: 'replayed', label: 'Replayed', detail: actor === undefined ? '' : `by ${actor}` };
}

function waits(item: StoryItem): TimedStep {
  const next = item.properties['message.attempt.next_at'];
  const time = new Date(item.endMs).toISOString();
  const detail = next === undefined ? '' : `until ${next.slice(11, 19)}`;
  return { kind: 'waiting', label: 'Waiting', detail, ok: true, time, item: item.id, endMs: item.endMs };
}
