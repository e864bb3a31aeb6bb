import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import type { TestContext } from 'vitest';
import { readQueues } from '../../../../src/platform/service-bus/queues.ts';
import { startApplicationInsights } from '../../../application-insights/index.ts';
import { sentIdOf } from '../../../queued-message.ts';
import type { Run } from '../../../run-file/index.ts';
import { type ServiceBus, startServiceBus } from '../../../service-bus/index.ts';
import { fixtureBusiness } from '../../fixture-business.ts';
import { importOperator } from '../import-operator.ts';
import { entry } from './launch-command.ts';

type Ends = Pick<TestContext, 'onTestFinished'>;
/** What the command is run with; the types are those of `operator/`, which may have been deleted. */
interface Given {
  /** Typed when it asks. */
  answer?: string;
  patienceMs?: number;
  answerTimeoutMs?: number;
}
type Queue = NonNullable<ReturnType<ServiceBus['entities']['queue']>>['queue'];

const entitiesWith = (lockDuration: string) => {
  const queue = { requiresDuplicateDetection: true, lockDuration };
  return {
    queues: { parcels: queue, 'orders.billing.retry': queue },
    topics: { orders: { subscriptions: { audit: { lockDuration }, billing: { lockDuration } } } },
  };
};

export interface Dying extends ServiceBusMessage {
  messageId: string;
  /** Set when it is dead-lettered. */
  dead?: Record<string, string | number | boolean>;
}

const noReason = { DeadLetterReason: 'NoDepot', DeadLetterErrorDescription: 'No depot.' };

/** Many dead letters alike. */
export const dying = (count: number, given: Partial<Dying> = {}, prefix = 'f'): Dying[] =>
  Array.from({ length: count }, (_, n) => ({
    messageId: `${prefix}${n}`,
    body: Buffer.from('content'),
    ...given,
    applicationProperties: { name: `${prefix}${n}`, ...given.applicationProperties },
  }));

const preloads = fixtureBusiness.preload.flatMap((file) => ['--import', pathToFileURL(file).href]);
const nowhere = 'http://127.0.0.1:9'; // the discard port: nothing listens there

const { runDeadLetters } = await importOperator('dead-letters/run-dead-letters.ts');
const { withoutTelemetry } = await importOperator('command-telemetry.ts');

/** A broker and an ingestion endpoint of the test's own, with the command on them. */
export async function startBench(ends: Ends, { level = 1, lockDuration = 'PT2S', withSecurityLogs = false } = {}) {
  const entities = entitiesWith(lockDuration);
  const [bus, insights] = await Promise.all([
    startServiceBus({ entities }),
    startApplicationInsights({ withSecurityLogs }),
  ]);
  const client = new ServiceBusClient(bus.connectionString);
  const folder = mkdtempSync(join(tmpdir(), 'dead letters ü '));
  const run = join(folder, 'run.json');
  const certificate = join(folder, 'trusted.pem');
  writeFileSync(certificate, insights.securityLogs?.certificate ?? '');
  const facts: Run = {
    ...{ version: 1, pid: process.pid, level, token: 'a token of some length' },
    ...{ service: nowhere, dashboard: nowhere, serviceBusAdmin: nowhere, destination: nowhere },
    ...{ serviceBus: bus.connectionString, ingestion: insights.url },
    ...(insights.securityLogs && { securityLogs: { ...insights.securityLogs, certificate } }),
  };
  writeFileSync(run, JSON.stringify(facts));
  const queuesFile = join(folder, 'queues.json');
  writeFileSync(queuesFile, JSON.stringify({ queues: { parcels: {} } }));
  const children = new Set<ChildProcess>();
  ends.onTestFinished(async () => {
    for (const child of children) child.kill('SIGKILL');
    await client.close();
    await Promise.all([bus.stop(), insights.stop()]);
    rmSync(folder, { recursive: true });
  });
  const queue = (name = 'parcels') => {
    const [topic = '', subscription] = name.split('/');
    const found = subscription ? bus.entities.subscription(topic, subscription) : bus.entities.queue(name);
    if (!found) throw new Error(`This broker has no ${name}.`);
    return found.queue;
  };

  return {
    bus,
    client,
    insights,
    run,
    queue,
    /** Message ids, what waits and what is dead. */
    ids: (name?: string) => idsIn(queue(name)),
    deadIds: (name?: string) => idsIn(queue(name).deadLetters),
    /** Sends messages and dead-letters them; `source` is a queue or topic/subscription. */
    async bury(messages: readonly Dying[], source = 'parcels') {
      const sender = client.createSender(source.split('/')[0] ?? source);
      for (let start = 0; start < messages.length; start += 100) {
        await sender.sendMessages(messages.slice(start, start + 100).map(({ dead: _, ...message }) => message));
      }
      const deaths = new Map(messages.map(({ messageId, dead }) => [messageId, dead]));
      const from = queue(source);
      for (let message = from.take('peek-lock'); message; message = from.take('peek-lock')) {
        const properties = { ...noReason, ...deaths.get(message.content.messageId) };
        from.settle(message.lock?.token ?? '', { kind: 'dead-letter', properties });
      }
      await sender.close();
    },
    /** The property `name` of what waits, which a copy keeps. */
    async names(name = 'parcels') {
      const receiver = client.createReceiver(name);
      const names: unknown[] = [];
      for (let page = await receiver.peekMessages(250); page.length > 0; page = await receiver.peekMessages(250)) {
        names.push(...page.map(({ applicationProperties }) => applicationProperties?.name));
      }
      await receiver.close();
      return names;
    },
    /** Receives what waits, as the service would see it. */
    async receive(name: string, count: number) {
      const receiver = client.createReceiver(name, { skipParsingBodyAsJson: true });
      const messages = await receiver.receiveMessages(count, { maxWaitTimeInMs: 2_000 });
      for (const message of messages) await receiver.completeMessage(message);
      await receiver.close();
      return messages;
    },
    /** The command in this process, without telemetry. */
    async command(line: string, { answer, ...given }: Given = {}) {
      const out: string[] = [];
      const errors: string[] = [];
      const code: number = await runDeadLetters(line.split(' '), {
        terminal: {
          print: async (text: string) => void out.push(text),
          tell: (text: string) => void errors.push(text),
          count: () => {},
          ...(answer !== undefined && { ask: async () => answer }),
        },
        settings: {
          serviceBus: { kind: 'connection-string', connectionString: bus.connectionString },
          azureClientId: undefined,
          plain: true,
        },
        queues: readQueues({ name: 'the entities of this test', text: JSON.stringify(entities) }),
        telemetry: async ({ tell }: { tell(line: string): void }) => withoutTelemetry(tell),
        ...given,
      });
      const audits = errors.filter((text) => text.includes('"audit"')).map((text) => JSON.parse(text));
      return { code, out, errors, audits, objects: () => out.map((text) => JSON.parse(text)) };
    },
    /** The command as people run it. */
    launch(line: string, nodeOptions: readonly string[] = [], env: Record<string, string> = {}) {
      const child = spawn(
        process.execPath,
        [...preloads, ...nodeOptions, entry, ...line.split(' ').filter(Boolean), '--run', run],
        {
          env: { PATH: process.env.PATH, HOME: folder, FIXTURE_QUEUES: queuesFile, ...env },
        },
      );
      children.add(child);
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
      const audits = () => stderr.split('\n').filter((text) => text.includes('"audit"')).length;
      return { child, ended, audits };
    },
  };
}

const idsIn = (queue: Queue | undefined) => queue?.peek(0, 100_000).map(sentIdOf) ?? [];
