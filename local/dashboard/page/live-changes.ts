import type { LiveEvents, LiveTopic } from '../api/contract.ts';
import { createStore } from './store.ts';

export type LiveState = { state: 'live' | 'paused' } | { state: 'offline'; since: number; nextTry: number };

const topics: readonly LiveTopic[] = ['run', 'rows', 'queues', 'sent', 'replays', 'alerts', 'drills'];
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** Whether changes come in, for the top bar and for the band that says since when they do not. */
export const liveState = createStore<LiveState>({ state: 'live' });

/** What the server told last, by topic: enough for counters, so that these ask for nothing. */
export const liveFacts = createStore<Partial<LiveEvents>>({});

const listeners = new Map<LiveTopic, Set<() => void>>();
let source: EventSource | undefined;
let since: number | undefined;
let wait = FIRST_WAIT_MS;
let timer: ReturnType<typeof setTimeout> | undefined;
let paused = false;

/** Calls `changed` after each change of the topics, until the returned function is called. */
export function onLive(wanted: readonly LiveTopic[], changed: () => void): () => void {
  for (const topic of wanted) listeners.set(topic, (listeners.get(topic) ?? new Set()).add(changed));
  return () => {
    for (const topic of wanted) listeners.get(topic)?.delete(changed);
  };
}

const tell = (topic: LiveTopic) => {
  for (const changed of [...(listeners.get(topic) ?? [])]) changed();
};

/** One stream a visible tab: a browser has six connections for a host, and hidden tabs would use them up. */
export function startLive(): void {
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  open();
}

/** Stops the changes, or lets them in again with what has happened meanwhile. */
export function pauseLive(): void {
  paused = !paused;
  if (paused) {
    close();
    liveState.set({ state: 'paused' });
  } else open();
}

export function tryNow(): void {
  wait = FIRST_WAIT_MS;
  close();
  open();
}

function close(): void {
  clearTimeout(timer);
  source?.close();
  source = undefined;
}

function open(): void {
  if (source || paused || document.hidden) return;
  clearTimeout(timer);
  const opened = new EventSource(`/api/live?topics=${topics.join(',')}`);
  source = opened;
  opened.onopen = () => {
    wait = FIRST_WAIT_MS;
    since = undefined;
    liveState.set({ state: 'live' });
    for (const topic of topics) tell(topic);
  };
  for (const topic of topics) {
    opened.addEventListener(topic, ({ data }: MessageEvent<string>) => {
      liveFacts.set({ ...liveFacts.get(), [topic]: JSON.parse(data) });
      tell(topic);
    });
  }
  opened.onerror = () => {
    if (source !== opened) return;
    close();
    since ??= Date.now();
    liveState.set({ state: 'offline', since, nextTry: Date.now() + wait });
    timer = setTimeout(open, wait);
    wait = Math.min(LONGEST_WAIT_MS, wait * 2);
  };
}
