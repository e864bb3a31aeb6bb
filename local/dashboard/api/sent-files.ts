import { randomBytes, randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { openBody } from '../../business/contents.ts';
import type { Follow, HttpRequest, LocalRequests, OutgoingRequest } from '../../business/local-business.ts';
import { postRequest } from '../../cli/send/post-request.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import type { SentItem } from './contract.ts';
import { followEnds } from './followed-ends.ts';

/** The newest that are remembered. */
const KEPT = 2_000;
const AT_ONCE = 8;
/** For one that gets no answer. */
const ANSWER_MS = 30_000;

export interface SentFiles {
  /** Sends one after the other in the background, and answers what they are. */
  send(requests: Iterable<NamedRequest>, follow: Follow | undefined): SentItem[];
  items(): SentItem[];
  /** The name of the file whose message has this id. */
  nameOf(messageId: string): string | undefined;
  /** The message ids of files whose name holds this text. */
  idsOf(text: string): string[];
  /** What was sent, by the id of its operation or of its message. */
  find(id: string): SentItem | undefined;
  stop(): void;
}

export interface NamedRequest {
  name: string;
  /** A file's own name, which the tables do not hold. */
  isFile: boolean;
  request: OutgoingRequest;
}

/** A file of the page as the business would send one from disk. */
export function requestOfFile(requests: LocalRequests, name: string, content: Buffer): OutgoingRequest | undefined {
  const [made] = requests.fromFiles?.([name], randomBytes(8).toString('hex')) ?? [];
  return made && ({ ...made, open: async () => openBody(content) } as HttpRequest);
}

/** As a caller that traces itself would send it, so that the operation is known before any row of it has come. */
function withTrace(request: OutgoingRequest): { operationId: string | undefined; traced: OutgoingRequest } {
  if ('target' in request) return { operationId: undefined, traced: request };
  const operationId = randomBytes(16).toString('hex');
  const traceparent = `00-${operationId}-${randomBytes(8).toString('hex')}-01`;
  return { operationId, traced: { ...request, headers: { ...request.headers, traceparent } } };
}

/** Sends what the page was given, as callers of the service do, and follows each to where it ends. */
export function createSentFiles({
  service,
  serviceBus,
  ledger,
  now,
}: Pick<DashboardParts, 'service' | 'serviceBus' | 'ledger' | 'now'>): SentFiles {
  const items = new Map<string, SentItem>();
  const names = new Map<string, string>();
  const ends = followEnds({ serviceBus, ledger });
  const queue: { item: SentItem; named: NamedRequest; follow: Follow | undefined }[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let working = 0;

  const sendOne = async (item: SentItem, { isFile, name, request }: NamedRequest, follow: Follow | undefined) => {
    const opened = await request.open();
    item.bytes = opened.bytes;
    opened.content.destroy();
    const target = { url: service.facts().service, serviceBus: serviceBus?.connectionString, agent, follow };
    const { operationId, traced } = withTrace(request);
    const answer = await postRequest(traced, target, AbortSignal.timeout(ANSWER_MS));
    if (answer.kind !== 'answered') return void Object.assign(item, { state: 'failed', detail: answer.reason });
    const { status, id, problem } = answer;
    const isAccepted = status >= 200 && status < 300;
    Object.assign(item, { status, operationId, state: isAccepted ? 'accepted' : status < 500 ? 'refused' : 'failed' });
    if (problem !== undefined && !isAccepted) item.detail = problem;
    if (!isAccepted || id === undefined) return;
    item.messageId = id;
    if (isFile) names.set(id, name);
    if (follow) ends.add({ id, item, follow });
  };
  const work = async () => {
    working += 1;
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { item, named, follow } = next;
      await sendOne(item, named, follow).catch((error: Error) =>
        Object.assign(item, { state: 'failed', detail: error.message }),
      );
    }
    working -= 1;
  };

  return {
    send(requests, follow) {
      const made: SentItem[] = [];
      for (const named of requests) {
        const item: SentItem = {
          id: randomUUID(),
          name: named.name,
          bytes: 0,
          at: now().toISOString(),
          state: 'sending',
        };
        items.set(item.id, item);
        made.push(item);
        queue.push({ item, named, follow });
      }
      for (const oldest of items.keys()) {
        if (items.size <= KEPT) break;
        items.delete(oldest);
      }
      while (working < Math.min(AT_ONCE, queue.length)) void work();
      return made.map((item) => ({ ...item }));
    },
    items: () => [...items.values()].reverse().map((item) => ({ ...item })),
    nameOf: (messageId) => names.get(messageId),
    idsOf(text) {
      const wanted = text.toLowerCase();
      return [...names].filter(([, name]) => name.toLowerCase().includes(wanted)).map(([id]) => id);
    },
    find(id) {
      const found = [...items.values()].find(({ operationId, messageId }) => operationId === id || messageId === id);
      return found && { ...found };
    },
    stop() {
      queue.length = 0;
      ends.stop();
      agent.destroy();
    },
  };
}
