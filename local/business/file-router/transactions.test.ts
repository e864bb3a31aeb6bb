import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  copyCheckout,
  removeCheckout,
  run,
  runOf,
  type Started,
  startCommand,
} from '../../cli/start/checkout.fixture.ts';
import type { ApiAnswer, SendOptions, SentItem, Transaction, TransactionList } from '../../dashboard/api/contract.ts';
import type { Run } from '../../run-file/index.ts';

const count = 200;
const service = { command: process.execPath, args: ['--import', './src/preload.ts', 'src/main.ts'] };
const ended: readonly SentItem['state'][] = ['delivered', 'dead-lettered', 'refused'];

/** The words of a story that is whole, for each end. */
const stories: Readonly<Partial<Record<SentItem['state'], RegExp>>> = {
  delivered: /^Accepted,(Accepted,)*In queue,Attempt 1,(Attempt \d,)*(Delivered to \w+|Done)(,Accepted)*$/,
  'dead-lettered': /^Accepted,In queue,Attempt 1,(Attempt \d+,)*Dead-lettered$/,
  refused: /^Rejected$/,
};

describe.each([1, 2])('at level %i', (level) => {
  let root: string;
  let started: Started;
  let found: Run;
  let sent: SentItem[] = [];

  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(new URL(`/api/${path}`, found.dashboard));
    if (!answer.ok) throw new Error(`GET ${path} was answered ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as ApiAnswer<T>).data;
  };

  beforeAll(async () => {
    root = await copyCheckout();
    const env = { ...process.env, OBSERVABILITY_LEVEL: String(level) };
    started = run(startCommand(root, { service, listed: true }), { env });
    await started.says(`The service is ready at level ${level}`);
    found = await runOf(root);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${found.token}` };
    const body = JSON.stringify({ sample: count });
    await fetch(new URL('/api/send', found.dashboard), { method: 'POST', headers, body });
    await vi.waitFor(
      async () => {
        sent = (await get<SendOptions>('send')).sent;
        expect(sent.filter(({ state }) => !ended.includes(state))).toEqual([]);
      },
      { timeout: 90_000, interval: 500 },
    );
  }, 150_000);
  afterAll(async () => {
    started.child.kill('SIGTERM');
    await started.exit();
    await removeCheckout(root);
  });

  test('each of 200 requests is one transaction, and its story ends where the ledger of the destination has it', async () => {
    expect(sent).toHaveLength(count);
    const counts = Map.groupBy(sent, ({ messageId }) => messageId);
    for (const { operationId = '', messageId, state, destination } of sent) {
      // Of two requests with the same content one alone becomes a message, and at level 1 no row names it.
      const isRepeated = level === 1 && messageId !== undefined && (counts.get(messageId)?.length ?? 0) > 1;
      await vi.waitFor(
        async () => {
          const { facts, story, items } = await get<Transaction>(`transactions/${operationId}`);
          const told = story.map(({ label }) => label).join();
          if (isRepeated && told === 'Accepted') return;
          expect(told, `${operationId} ${state}`).toMatch(stories[state] ?? /^$/);
          expect(facts.outcome.kind).toBe(state === 'refused' ? 'rejected' : state);
          if (level > 1 && destination) expect(told).toContain(`Delivered to ${destination}`);
          expect(items.length).toBeGreaterThan(0);
        },
        { timeout: 30_000, interval: 500 },
      );
    }
  }, 120_000);

  test('the list names the same ends', async () => {
    const { rows, total } = await get<TransactionList>('transactions');
    expect(total).toBe(count);
    const kinds = new Map(rows.map(({ operationId, outcome }) => [operationId, outcome.kind]));
    // Of two requests with the same content one alone becomes a message.
    const messages = Map.groupBy(sent, ({ messageId, id }) => messageId ?? id);
    for (const same of messages.values()) {
      const told = same.map(({ operationId = '' }) => kinds.get(operationId));
      const { state } = same[0] as SentItem;
      expect(told, state).toContain(state === 'refused' ? 'rejected' : state);
    }
  });
});
