import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LiveEvents, LiveTopic } from './api/contract.ts';

/** At most four messages a second a topic. */
const EVERY_MS = 250;
/** So that a connection that is gone is noticed, and none is taken for dead. */
const SIGN_OF_LIFE_MS = 15_000;
/** Milliseconds after which a browser connects anew. */
const RETRY_MS = 1_000;

/** What each topic is at now. */
export type LiveFacts = { readonly [Topic in LiveTopic]: () => LiveEvents[Topic] };

export interface Live {
  /** Holds the connection open and writes each topic that was asked for when it changes. */
  answer(request: IncomingMessage, response: ServerResponse, topics: readonly string[]): void;
  stop(): void;
}

interface Listener {
  response: ServerResponse;
  topics: readonly LiveTopic[];
  /** What it was told last, by topic. */
  told: Map<LiveTopic, string>;
  writtenAt: number;
}

/**
 * One event stream a page. Looks at counters a few times a second, for all listeners together and only while there is one, and
 * tells what has changed: so many files a second make no more messages than few.
 */
export function createLive(facts: LiveFacts): Live {
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | undefined;
  let id = 0;

  const look = () => {
    const now = new Map<LiveTopic, string>();
    const factsOf = (topic: LiveTopic): string => {
      const known = now.get(topic) ?? JSON.stringify(facts[topic]());
      now.set(topic, known);
      return known;
    };
    for (const listener of listeners) {
      // One that does not read must not fill the memory: it gets the newest when it reads again.
      if (listener.response.writableNeedDrain) continue;
      for (const topic of listener.topics) {
        const data = factsOf(topic);
        if (listener.told.get(topic) === data) continue;
        listener.told.set(topic, data);
        write(listener, `id: ${++id}\nevent: ${topic}\ndata: ${data}\n\n`);
      }
      if (performance.now() - listener.writtenAt > SIGN_OF_LIFE_MS) write(listener, ': here\n\n');
    }
  };
  const write = (listener: Listener, text: string) => {
    listener.response.write(text);
    listener.writtenAt = performance.now();
  };
  const leave = (listener: Listener) => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    answer(_request, response, topics) {
      const known = topics.filter((topic): topic is LiveTopic => Object.hasOwn(facts, topic));
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      const listener: Listener = { response, topics: known, told: new Map(), writtenAt: 0 };
      write(listener, `retry: ${RETRY_MS}\n\n`);
      listeners.add(listener);
      response.once('close', () => leave(listener));
      timer ??= setInterval(look, EVERY_MS).unref();
      look();
    },
    stop() {
      clearInterval(timer);
      for (const { response } of listeners) response.end();
      listeners.clear();
    },
  };
}
