import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ApiAnswer, ApiProblem, LiveTopic } from '../api/contract.ts';
import { getJson, problemIn } from './ask-server.ts';
import { onLive } from './live-changes.ts';
import { createStore } from './store.ts';

export interface Resource<T> {
  data: T | undefined;
  next: string | undefined;
  problem: ApiProblem | undefined;
  loading: boolean;
  /** What is shown is of another path still: the answer to this one is on its way. */
  stale: boolean;
  reload(): void;
}

const MOST_KEPT = 60;
/** A change is shown at once, a stream of them once a second. */
const LEAST_BETWEEN_MS = 1_000;
const SHOW_LOADING_MS = 150;

const kept = new Map<string, ApiAnswer<unknown>>();
/** How many answers are waited for long enough to say so. */
export const waitedFor = createStore(0);

function keep(path: string, answer: ApiAnswer<unknown>): void {
  kept.delete(path);
  kept.set(path, answer);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string);
}

/**
 * What the server answers to a path, asked again when a topic changes. What was shown stays until the new answer is there;
 * Back shows what was there before at once. Without a path nothing is asked.
 */
export function useResource<T>(path: string | undefined, topics: readonly LiveTopic[] = []): Resource<T> {
  const [, draw] = useState(0);
  const state = useRef<State<T>['current']>({});
  if (state.current.path !== path) {
    const before = path === undefined ? undefined : (kept.get(path) as ApiAnswer<T> | undefined);
    const same = path?.split('?')[0] === state.current.path?.split('?')[0];
    state.current = { path, answer: before ?? (same ? state.current.answer : undefined), stale: before === undefined };
  }
  const load = useCallback(() => startLoading(state, path, () => draw((count) => count + 1)), [path]);
  useEffect(load, [load]);
  const wanted = topics.join();
  useEffect(() => (wanted ? onLive(wanted.split(',') as LiveTopic[], throttled(load)) : undefined), [wanted, load]);
  const { answer, problem, busy, stale = false } = state.current;
  return { data: answer?.data, next: answer?.next, problem, loading: busy === true, stale, reload: load };
}

const asked = new Map<string, Promise<ApiAnswer<unknown>>>();

/** Two parts of the page that want the same share one request. */
function askOnce<T>(path: string): Promise<ApiAnswer<T>> {
  const known = asked.get(path) as Promise<ApiAnswer<T>> | undefined;
  if (known !== undefined) return known;
  const asking = getJson<T>(path)
    .then((answer) => {
      keep(path, answer);
      return answer;
    })
    .finally(() => asked.delete(path));
  asked.set(path, asking);
  return asking;
}

function throttled(load: () => void): () => void {
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    const wait = Math.max(0, last + LEAST_BETWEEN_MS - Date.now());
    timer = setTimeout(() => {
      last = Date.now();
      load();
    }, wait);
  };
}

interface State<T> {
  current: {
    path?: string | undefined;
    answer?: ApiAnswer<T> | undefined;
    problem?: ApiProblem;
    busy?: boolean;
    stale?: boolean;
  };
}

function startLoading<T>(state: State<T>, path: string | undefined, draw: () => void): void {
  const mine = state.current;
  if (path === undefined || mine.busy) return;
  mine.busy = true;
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    waitedFor.set(waitedFor.get() + 1);
  }, SHOW_LOADING_MS);
  askOnce<T>(path)
    .then((answer) => {
      mine.answer = answer;
      mine.stale = false;
      delete mine.problem;
    })
    .catch((error: unknown) => {
      mine.problem = problemIn(error);
    })
    .finally(() => {
      clearTimeout(timer);
      if (shown) waitedFor.set(waitedFor.get() - 1);
      mine.busy = false;
      if (state.current === mine) draw();
    });
}
